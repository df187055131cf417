// Layers that change each value by itself.

import { digits } from "../../numbers.js";
import { placeOf } from "../shapes.js";

// `of` is the function, `words` writes it with its number; both get the layer for its options.
export const pointwise = (of, words) => ({
  forward(layer, input, output) {
    for (let i = 0; i < input.length; i++) output[i] = of(input[i], layer);
  },
  explain: (layer, input, index) => ({
    terms: [{ from: placeOf(layer.before, index), x: input[index] }],
    words: words(input[index], layer),
  }),
  words: ({ words: written, value }) => `${written} = ${digits(value, 4)}`,
});
