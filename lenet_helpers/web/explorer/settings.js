// What the explorer lets you set, and LeNet's own layers as a beginning.
//
// Settings are {input, kernel, stride, padding, dilation}, each [height, width], and the kind of
// operation.

import { Window } from "../geometry.js";

export const SIDES = ["height", "width"];
export const RANGES = {
  height: [1, 32],
  width: [1, 32],
  kernel: [1, 5],
  stride: [1, 4],
  padding: [0, 3],
  dilation: [1, 3],
};

const same = (side) => [side, side];
const preset = (kind, input, kernel, stride, padding) => ({
  input: same(input),
  kernel: same(kernel),
  stride: same(stride),
  padding: same(padding),
  dilation: same(1),
  kind,
});
export const PRESETS = {
  "LeNet, first convolution": preset("conv", 28, 5, 1, 2),
  "LeNet, first pooling": preset("avg", 28, 2, 2, 0),
  "LeNet, second convolution": preset("conv", 14, 5, 1, 0),
  "LeNet, second pooling": preset("avg", 10, 2, 2, 0),
  "class version, first convolution": preset("conv", 28, 5, 1, 0),
  "class version, second pooling": preset("max", 8, 2, 2, 0),
};

// The two windows of the settings, of height and of width.
export function windowsOf({ input, kernel, stride, padding, dilation }) {
  return [0, 1].map((a) => new Window(input[a], kernel[a], stride[a], padding[a], dilation[a]));
}
