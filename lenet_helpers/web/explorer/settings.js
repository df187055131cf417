// What the explorer lets you set.
//
// Settings are {input, kernel, stride, padding, dilation}, each [height, width], the kind of
// operation, the picture and the kernel's weights.

import { Window } from "../geometry.js";

export const SIDES = ["height", "width"];
export const SIZES = ["input", "kernel", "stride", "padding", "dilation"];
export const RANGES = {
  height: [1, 32],
  width: [1, 32],
  kernel: [1, 5],
  stride: [1, 4],
  padding: [0, 3],
  dilation: [1, 3],
};

export const rangeOf = (name, axis) => RANGES[name === "input" ? SIDES[axis] : name];

// The two windows of the settings, of height and of width.
export function windowsOf({ input, kernel, stride, padding, dilation }) {
  return [0, 1].map((a) => new Window(input[a], kernel[a], stride[a], padding[a], dilation[a]));
}

export function areEqual(one, other) {
  const told = (settings) => [
    ...SIZES.flatMap((name) => settings[name]),
    settings.kind,
    settings.picture,
    settings.kind === "conv" && settings.weights, // a pooling has none
  ];
  return told(one).join() === told(other).join();
}
