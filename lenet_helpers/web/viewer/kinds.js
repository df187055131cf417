// Every kind of layer that the viewer knows. To add one, add an entry here, and one of the same name
// in network/kinds.py, which packs it; nothing else in JavaScript names a kind.
//
//   forward(layer, input, output)  fill `output`, the values of the layer, from those before it
//   explain(layer, input, index)   what unit `index` is made of, {terms: [{from, x}], ...}: x is the
//                                  value of the unit at the place `from` in the layer before; a term
//                                  may have a weight w and a product, and lie in the padding
//   words(told)                    the same as a sentence; told.value is the value of the unit
//   wholeInput                     true if every unit depends on every place of the picture
//   addsUp                         true if every unit is a sum of products, with learned weights
//   neverNegative                  true if no value is below zero
//   keepsSign                      true if no value is below zero where none before it is
//   isSoftmax                      true if it makes probabilities, or their logarithms, of logits
//
// A layer is what kinds.py packed, and `before`, the shape of its input; with a kernel, or adaptive,
// also `windows`, the Window or Part of height and of width. The tables under the sum follow from the
// terms, the receptive field from the windows.

import { clamp, digits, signed } from "../numbers.js";
import { gelu, geluInWords } from "./kinds/gelu.js";
import { logSoftmaxOfAll, softmaxOfAll } from "./kinds/normalising.js";
import { average, largest } from "./kinds/pooling.js";
import { pointwise } from "./kinds/pointwise.js";
import { prelu } from "./kinds/prelu.js";
import { scaling } from "./kinds/scaling.js";
import { standardising } from "./kinds/standardising.js";
import { unchanging } from "./kinds/unchanging.js";
import { convolution, dense } from "./kinds/weighted.js";

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

// Without a power that is too large for a number.
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

// Klambauer and others, "Self-Normalizing Neural Networks", 2017.
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

// A number between two ends, in words.
const between = (x, low, high) =>
  `${digits(x, 4)}, at least ${digits(low, 2)} and at most ${digits(high, 2)},`;

const KINDS = {
  Conv2d: convolution,
  Linear: dense,
  BatchNorm1d: scaling,
  BatchNorm2d: scaling,
  LayerNorm: standardising,
  GroupNorm: standardising,
  InstanceNorm2d: standardising,
  AvgPool2d: average,
  MaxPool2d: largest,
  AdaptiveAvgPool2d: average,
  AdaptiveMaxPool2d: largest,
  Sigmoid: {
    ...pointwise(sigmoid, (x) => `1 / (1 + exp(−${signed(x, 4)}))`),
    neverNegative: true,
  },
  Tanh: pointwise(Math.tanh, (x) => `tanh(${digits(x, 4)})`),
  ReLU: {
    ...pointwise(
      (x) => Math.max(x, 0),
      (x) => `max(0, ${digits(x, 4)})`,
    ),
    neverNegative: true,
  },
  ReLU6: {
    ...pointwise(
      (x) => clamp(x, 0, 6),
      (x) => between(x, 0, 6),
    ),
    neverNegative: true,
  },
  SiLU: pointwise(
    (x) => x * sigmoid(x),
    (x) => `${digits(x, 4)} / (1 + exp(−${signed(x, 4)}))`,
  ),
  Hardswish: pointwise(
    (x) => (x * clamp(x + 3, 0, 6)) / 6,
    (x) => `${digits(x, 4)} · min(max(${digits(x, 4)} + 3, 0), 6) / 6`,
  ),
  Mish: pointwise(
    (x) => x * Math.tanh(softplus(x)),
    (x) => `${digits(x, 4)} · tanh(ln(1 + exp(${digits(x, 4)})))`,
  ),
  Softplus: {
    ...pointwise(
      (x, { beta, threshold }) => (beta * x > threshold ? x : softplus(beta * x) / beta),
      (x, { beta }) => `ln(1 + exp(${digits(beta, 2)} · ${signed(x, 4)})) / ${digits(beta, 2)}`,
    ),
    neverNegative: true,
  },
  PReLU: prelu,
  LeakyReLU: pointwise(
    (x, { slope }) => (x > 0 ? x : slope * x),
    (x, { slope }) => (x > 0 ? digits(x, 4) : `${digits(slope, 4)} · ${signed(x, 4)}`),
  ),
  ELU: pointwise(
    (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)),
    (x, { alpha }) => (x > 0 ? digits(x, 4) : `${digits(alpha, 4)} · (exp(${digits(x, 4)}) − 1)`),
  ),
  SELU: pointwise(
    (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
    (x) =>
      `${digits(SELU_SCALE, 4)} · ${x > 0 ? digits(x, 4) : `${digits(SELU_ALPHA, 4)} · (exp(${digits(x, 4)}) − 1)`}`,
  ),
  GELU: pointwise(gelu, geluInWords),
  Hardtanh: pointwise(
    (x, { low, high }) => clamp(x, low, high),
    (x, { low, high }) => between(x, low, high),
  ),
  Softmax: softmaxOfAll,
  LogSoftmax: logSoftmaxOfAll,
};

// A layer of a type of one's own may still be known for what it does.
export function kindOf(layer) {
  if (layer.unchanged) return unchanging;
  return layer.scaled ? scaling : KINDS[layer.kind];
}
