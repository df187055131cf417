// Every kind of layer that the viewer knows. To add one, add an entry; nothing else names a kind.
//
//   forward(layer, input, output)  fill `output`, the values of the layer, from those before it
//   explain(layer, input, index)   what unit `index` is made of, {terms: [{from, x}], ...}: x is the
//                                  value of the unit at the place `from` in the layer before; a term
//                                  may have a weight w and a product, and lie in the padding
//   words(told)                    the same as a sentence; told.value is the value of the unit
//   wholeInput                     true if every unit depends on every value before it
//
// A layer is what lenet_viewer.py packed, and `before`, the shape of its input; with a kernel also
// `windows`, the Window of height and of width. The tables under the sum follow from the terms, the
// receptive field from the windows.

import { digits, signed } from "../numbers.js";
import { average, largest } from "./kinds/pooling.js";
import { pointwise } from "./kinds/pointwise.js";
import { reshaping } from "./kinds/reshaping.js";
import { convolution, dense } from "./kinds/weighted.js";

const KINDS = {
  Conv2d: convolution,
  AvgPool2d: average,
  MaxPool2d: largest,
  Linear: dense,
  Sigmoid: pointwise(
    (x) => 1 / (1 + Math.exp(-x)),
    (x) => `1 / (1 + exp(−${signed(x, 4)}))`,
  ),
  Tanh: pointwise(Math.tanh, (x) => `tanh(${digits(x, 4)})`),
  ReLU: pointwise(
    (x) => Math.max(x, 0),
    (x) => `max(0, ${digits(x, 4)})`,
  ),
};

// Python lets nothing else through but what gives a layer another shape.
export const kindOf = (layer) => KINDS[layer.kind] ?? reshaping;
