// Layers that make one value of each window, in each map by itself. The padding has no values: a
// mean may count it as zeros.

import { digits, indices, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";
import { termsInWindow } from "./terms.js";

const MOST = 25; // values that a sentence lists

const listed = (terms, between) => terms.map(({ x }) => signed(x, 4)).join(between);

function addedInWords(terms) {
  if (terms.length <= MOST) return `(${listed(terms, " + ")})`;
  const sum = terms.reduce((all, { x }) => all + x, 0);
  return `sum of ${terms.length} values ${digits(sum, 4)}`;
}

const choiceInWords = (terms) =>
  terms.length > MOST ? `${terms.length} values` : listed(terms, ", ");

function countedTerms(layer, input, index) {
  const inside = termsInWindow(layer, input, ...placeOf(layer.shape, index));
  return inside.filter(({ padding }) => !padding || layer.count_padding);
}

function folded({ start, fold }, input, lines, columns) {
  let value = start;
  for (const line of lines) {
    for (const column of columns) value = fold(value, input[line + column]);
  }
  return value;
}

// What lies under the window at each place along one axis: pixels, and how many taps are inside.
const underWindow = (window, places) =>
  indices(places).map((place) => ({
    pixels: window.pixels(place),
    taps: window.tapsInside(place).length,
  }));

// Fold the pixels under each window together, from `how.start` on; `how.finish` gets the result and
// the numbers of the pixels and of the taps, padding included.
function pool(layer, input, output, how) {
  const [maps, height, width] = layer.shape;
  const [, high, wide] = layer.before;
  const [down, across] = layer.windows;
  const rows = underWindow(down, height);
  const columns = underWindow(across, width);
  let at = 0;
  for (let map = 0; map < maps; map++) {
    for (const row of rows) {
      const lines = row.pixels.map((y) => (map * high + y) * wide);
      for (const { pixels, taps } of columns) {
        const result = folded(how, input, lines, pixels);
        output[at++] = how.finish(result, lines.length * pixels.length, row.taps * taps);
      }
    }
  }
}

export const average = {
  keepsSign: true,
  forward(layer, input, output) {
    const finish = (sum, pixels, taps) => sum / (layer.count_padding ? taps : pixels);
    pool(layer, input, output, { start: 0, fold: (sum, x) => sum + x, finish });
  },
  explain(layer, input, index) {
    const counted = countedTerms(layer, input, index);
    return { terms: counted, divisor: counted.length };
  },
  words: ({ terms, divisor, value }) => `${addedInWords(terms)} / ${divisor} = ${digits(value, 4)}`,
};

export const largest = {
  keepsSign: true,
  forward(layer, input, output) {
    pool(layer, input, output, { start: -Infinity, fold: Math.max, finish: (most) => most });
  },
  explain: (layer, input, index) => ({ terms: countedTerms(layer, input, index) }),
  words: ({ terms, value }) => `the largest of ${choiceInWords(terms)} = ${digits(value, 4)}`,
};
