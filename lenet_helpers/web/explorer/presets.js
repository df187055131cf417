// Settings to begin with, in groups: small ones that differ in one thing, and LeNet's own layers.
//
// To add a preset, add an entry to its group. A `note` is said as long as the preset is shown.

const square = (side) => [side, side];

// Settings with a square of everything.
function settingsOf(kind, input, kernel, more = {}) {
  const { stride = 1, padding = 0, dilation = 1, picture = "numbers", weights = "numbers" } = more;
  return {
    input: square(input),
    kernel: square(kernel),
    stride: square(stride),
    padding: square(padding),
    dilation: square(dilation),
    kind,
    picture,
    weights,
  };
}

const small = (more) => ({ settings: settingsOf("conv", 6, 3, more) });
const layer = (kind, input, kernel, more, note) => ({
  settings: settingsOf(kind, input, kernel, { picture: "shoe", ...more }),
  note,
});
const halving = { stride: 2 };
const poolingOf = (channels) =>
  `One of ${channels} channels is shown: a pooling does the same to each.`;

export const PRESETS = {
  "": {
    "plain 3×3": small(),
    "same padding": small({ padding: 1 }),
    "stride 2": small({ stride: 2 }),
    dilated: small({ dilation: 2 }),
    "max pooling": { settings: settingsOf("max", 6, 2, halving) },
    "shoe, Sobel": {
      settings: settingsOf("conv", 28, 3, { picture: "shoe", weights: "across" }),
      note: "Sobel's kernel finds edges: orange where the numbers rise from left to right.",
    },
  },
  LeNet: {
    "conv 1": layer(
      "conv",
      28,
      5,
      { padding: 2 },
      "One channel is shown: the picture has no more. LeNet learns the numbers of 6 such kernels.",
    ),
    "pooling 1": layer("avg", 28, 2, halving, poolingOf(6)),
    "conv 2": layer(
      "conv",
      14,
      5,
      {},
      "One of 6 input channels is shown, with 25 products a cell. With all 6 there are 150.",
    ),
    "pooling 2": layer("avg", 10, 2, halving, poolingOf(16)),
  },
  "class version": {
    "conv 1": layer("conv", 28, 5, {}, "One channel is shown: the picture has no more."),
    "pooling 2": layer("max", 8, 2, halving, poolingOf(16)),
  },
};
