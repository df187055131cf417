// Layers that scale and shift each channel: the maps of a batch norm, or its units.

import { digits, signed } from "../../numbers.js";
import { placeOf } from "../shapes.js";

// How many values in a row have one scale: those of a map, or one unit.
const valuesEach = ({ weight }, input) => input.length / weight.length;

export const scaling = {
  forward(layer, input, output) {
    const each = valuesEach(layer, input);
    for (let channel = 0; channel < layer.weight.length; channel++) {
      const [scale, shift] = [layer.weight[channel], layer.bias[channel]];
      for (let i = channel * each; i < (channel + 1) * each; i++) {
        output[i] = input[i] * scale + shift;
      }
    }
  },
  explain(layer, input, index) {
    const channel = Math.floor(index / valuesEach(layer, input));
    return {
      terms: [{ from: placeOf(layer.before, index), x: input[index] }],
      scale: layer.weight[channel],
      shift: layer.bias[channel],
    };
  },
  words: ({ terms: [{ x }], scale, shift, value }) =>
    `${digits(x, 4)} · scale ${signed(scale, 4)} + shift ${signed(shift, 4)} = ${digits(value, 4)}`,
};
