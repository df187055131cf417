// Whether the reader has asked the system for less motion: then nothing moves by itself.

export const wantsStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
