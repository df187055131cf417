// Layers that learn: every unit is a sum of products, and a bias.

import { digits, indices, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";
import { termsInWindow } from "./terms.js";

// The weights of a map: a kernel for each map of the layer before.
export function kernelsOf(layer, map) {
  const each = layer.weight.length / layer.shape[0];
  return layer.weight.subarray(map * each, (map + 1) * each);
}

// The maps of the layer before that map `map` is made of: all, or those of its group.
export function channelsOf({ groups, before, shape }, map) {
  const each = before[0] / groups;
  const first = Math.floor((map * groups) / shape[0]) * each;
  return indices(each).map((i) => first + i);
}

const biasOf = (layer, map) => (layer.bias ? layer.bias[map] : 0);

function sumInWords({ terms, bias, value }) {
  const sum = terms.reduce((all, term) => all + term.product, 0);
  const products = `sum of ${terms.length} products ${digits(sum, 4)}`;
  return `${products} + bias ${signed(bias, 4)} = ${digits(value, 4)}`;
}

// The maps with their padding around them, as zeros.
function padded(layer, input) {
  const [down, across] = layer.windows;
  const [maps, height, width] = layer.before;
  const wide = new Float32Array(maps * down.padded * across.padded);
  for (let map = 0; map < maps; map++) {
    for (let row = 0; row < height; row++) {
      const from = (map * height + row) * width;
      const to = (map * down.padded + down.position(row)) * across.padded + across.position(0);
      wide.set(input.subarray(from, from + width), to);
    }
  }
  return wide;
}

// Add the products of a kernel to a row of sums: each weight in turn, at all places of the row.
// `lines` are where the rows under the kernel begin, `taps[j]` where tap j stands in them.
function addProducts(sums, weights, wide, lines, taps) {
  let at = 0;
  for (const line of lines) {
    for (const places of taps) {
      const w = weights[at++];
      for (let i = 0; i < sums.length; i++) sums[i] += w * wide[line + places[i]];
    }
  }
}

function convolve(layer, input, output) {
  const [down, across] = layer.windows;
  const [maps, height, width] = layer.shape;
  const wide = padded(layer, input);
  const sums = new Float64Array(width);
  const columns = across.allTaps();
  const taps = columns[0].map((_, tap) => Int32Array.from(columns, (places) => places[tap]));
  const channels = channelsOf(layer, 0);
  const lineAt = (channel, row) => (channel * down.padded + row) * across.padded;
  const linesAt = (rows) => channels.flatMap((channel) => rows.map((row) => lineAt(channel, row)));
  const lines = down.allTaps().map(linesAt);
  for (let map = 0; map < maps; map++) {
    const weights = kernelsOf(layer, map);
    const group = wide.subarray(lineAt(channelsOf(layer, map)[0], 0));
    for (let row = 0; row < height; row++) {
      sums.fill(biasOf(layer, map));
      addProducts(sums, weights, group, lines[row], taps);
      output.set(sums, (map * height + row) * width);
    }
  }
}

export const convolution = {
  addsUp: true,
  forward: convolve,
  explain(layer, input, index) {
    const [map, row, column] = placeOf(layer.shape, index);
    const weights = kernelsOf(layer, map);
    const terms = channelsOf(layer, map).flatMap((channel) =>
      termsInWindow(layer, input, channel, row, column),
    );
    return {
      terms: terms.map((term, i) => ({ ...term, w: weights[i], product: term.x * weights[i] })),
      bias: biasOf(layer, map),
    };
  },
  words: sumInWords,
};

export const dense = {
  wholeInput: true,
  addsUp: true,
  forward(layer, input, output) {
    for (let unit = 0; unit < output.length; unit++) {
      let sum = biasOf(layer, unit);
      for (let i = 0; i < input.length; i++) {
        sum += layer.weight[unit * input.length + i] * input[i];
      }
      output[unit] = sum;
    }
  },
  explain(layer, input, index) {
    const terms = Array.from(input, (x, i) => {
      const w = layer.weight[index * input.length + i];
      return { from: [i], x, w, product: x * w };
    });
    return { terms, bias: biasOf(layer, index) };
  },
  words: sumInWords,
};
