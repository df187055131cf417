// The units that keys lead to.

import { clamp } from "../numbers.js";

// The index of the unit that `key` leads to from another, in pictures of a shape [count, height,
// width]: the first one where none is chosen (null), null for another key.
export function unitAfter(key, [count, height, width], chosen) {
  const map = height * width;
  const step = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -width,
    ArrowDown: width,
    PageUp: -map,
    PageDown: map,
  }[key];
  if (step === undefined) return null;
  return chosen === null ? 0 : clamp(chosen + step, 0, count * map - 1);
}
