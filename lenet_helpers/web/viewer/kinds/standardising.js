// Layers that bring the values of a group to mean 0 and variance 1, and then scale and shift them:
// the group is all of an example, some of its maps, or one map.

import { digits, indices, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";

// Mean and variance of the group that begins at value `first`.
function momentsOf({ group }, input, first) {
  const values = input.subarray(first, first + group);
  const mean = values.reduce((sum, x) => sum + x, 0) / group;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / group };
}

// What is learned for value `i`: `each` values in a row have one scale and one shift.
function learnedFor({ weight, bias, each }, i) {
  const at = Math.floor(i / each) % weight.length;
  return { scale: weight[at], shift: bias[at] };
}

export const standardising = {
  wholeInput: true,
  forward(layer, input, output) {
    for (let first = 0; first < input.length; first += layer.group) {
      const { mean, variance } = momentsOf(layer, input, first);
      const deviation = Math.sqrt(variance + layer.eps);
      for (let i = first; i < first + layer.group; i++) {
        const { scale, shift } = learnedFor(layer, i);
        output[i] = ((input[i] - mean) / deviation) * scale + shift;
      }
    }
  },
  explain(layer, input, index) {
    const first = index - (index % layer.group);
    const terms = indices(layer.group).map((i) => ({
      from: placeOf(layer.before, first + i),
      x: input[first + i],
    }));
    const moments = momentsOf(layer, input, first);
    return { terms, ...moments, ...learnedFor(layer, index), x: input[index], eps: layer.eps };
  },
  words({ terms, x, mean, variance, eps, scale, shift, value }) {
    const above = `(${digits(x, 4)} − mean ${signed(mean, 4)})`;
    const below = `√(variance ${digits(variance, 4)} + ${eps})`;
    const learned = `· scale ${signed(scale, 4)} + shift ${signed(shift, 4)}`;
    return `${above} / ${below} ${learned} = ${digits(value, 4)}; mean and variance of ${terms.length} values`;
  },
};
