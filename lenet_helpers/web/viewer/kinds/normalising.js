// Layers that hold each value of a vector against all of them: softmax, and its logarithm.

import { digits, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";
import { sharesAndSum } from "../softmax.js";

// `of` is the function of how far a value lies below the largest, the sum of exp of that over all
// values, and the value's share of it; `words` writes it.
const normalising = (of, words) => ({
  wholeInput: true,
  isSoftmax: true,
  forward(layer, input, output) {
    const { top, sum, shares } = sharesAndSum(input);
    for (let i = 0; i < input.length; i++) output[i] = of(input[i] - top, sum, shares[i]);
  },
  explain(layer, input, index) {
    const { top, sum } = sharesAndSum(input);
    const terms = Array.from(input, (x, i) => ({ from: placeOf(layer.before, i), x }));
    return {
      terms,
      words: words(`${digits(input[index], 4)} − ${signed(top, 4)}`, digits(sum, 4)),
    };
  },
  words: ({ words: written, terms, value }) =>
    `${written} = ${digits(value, 4)}; the sum is that of exp(x − largest x), over ${terms.length} values`,
});

export const softmaxOfAll = {
  ...normalising(
    (less, sum, share) => share,
    (less, sum) => `exp(${less}) / sum ${sum}`,
  ),
  neverNegative: true,
};

export const logSoftmaxOfAll = normalising(
  (less, sum) => less - Math.log(sum),
  (less, sum) => `${less} − ln(sum ${sum})`,
);
