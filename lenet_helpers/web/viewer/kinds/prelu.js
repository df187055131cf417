// A learned slope below zero: one for all maps, or one for each.

import { digits, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";

const slopeAt = ({ weight }, input, i) => weight[Math.floor((i * weight.length) / input.length)];

export const prelu = {
  forward(layer, input, output) {
    for (let i = 0; i < input.length; i++) {
      output[i] = input[i] > 0 ? input[i] : slopeAt(layer, input, i) * input[i];
    }
  },
  explain: (layer, input, index) => ({
    terms: [{ from: placeOf(layer.before, index), x: input[index] }],
    slope: slopeAt(layer, input, index),
  }),
  words({ terms: [{ x }], slope, value }) {
    const product = `slope ${digits(slope, 4)} · ${signed(x, 4)}`;
    return `${x > 0 ? digits(x, 4) : product} = ${digits(value, 4)}`;
  },
};
