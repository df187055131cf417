// Layers that make one value of each window, in each map by itself. The padding has no values: a
// mean may count it as zeros.

import { digits, indices, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";
import { termsInWindow } from "./terms.js";

const listed = (terms) => terms.map(({ x }) => signed(x, 4));

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

// Fold the pixels under each window together, from `how.start` on; `how.finish` gets the result and
// the number of the pixels.
function pool(layer, input, output, how) {
  const [maps, height, width] = layer.shape;
  const [, high, wide] = layer.before;
  const [down, across] = layer.windows;
  const rows = indices(height).map((row) => down.pixels(row));
  const columns = indices(width).map((column) => across.pixels(column));
  let at = 0;
  for (let map = 0; map < maps; map++) {
    for (const ys of rows) {
      const lines = ys.map((y) => (map * high + y) * wide);
      for (const xs of columns) {
        output[at++] = how.finish(folded(how, input, lines, xs), lines.length * xs.length);
      }
    }
  }
}

export const average = {
  forward(layer, input, output) {
    const [down, across] = layer.windows;
    const taps = down.k * across.k;
    const finish = (sum, pixels) => sum / (layer.count_padding ? taps : pixels);
    pool(layer, input, output, { start: 0, fold: (sum, x) => sum + x, finish });
  },
  explain(layer, input, index) {
    const counted = countedTerms(layer, input, index);
    return { terms: counted, divisor: counted.length };
  },
  words: ({ terms, divisor, value }) =>
    `(${listed(terms).join(" + ")}) / ${divisor} = ${digits(value, 4)}`,
};

export const largest = {
  forward(layer, input, output) {
    pool(layer, input, output, { start: -Infinity, fold: Math.max, finish: (most) => most });
  },
  explain: (layer, input, index) => ({ terms: countedTerms(layer, input, index) }),
  words: ({ terms, value }) => `the largest of ${listed(terms).join(", ")} = ${digits(value, 4)}`,
};
