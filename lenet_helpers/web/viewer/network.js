// A network: its layers as packing.py packed them, what they make of a picture, and why.

import { Window } from "../geometry.js";
import { Part } from "./part.js";
import { kindOf } from "./kinds.js";
import { area } from "./shapes.js";

// Little-endian float32 numbers in base64.
export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function windowsOf(layer, [, ...sides]) {
  const { kernel, stride, padding, dilation, extra } = layer;
  if (layer.adaptive) return sides.map((n, a) => new Part(n, layer.shape[a + 1]));
  if (!kernel) return null;
  return sides.map(
    (n, a) => new Window(n, kernel[a], stride[a], padding[a], dilation[a], extra[a]),
  );
}

// `isSigned` says whether the picture, as the network gets it, may be below zero; each layer then
// says it of its own values.
export function unpack(net, isSigned = false) {
  let isBelowZero = isSigned;
  const layers = net.layers.map((layer, at) => {
    const before = at ? net.layers[at - 1].shape : net.input;
    const windows = windowsOf(layer, before);
    const [weight, bias] = [layer.weight, layer.bias].map((packed) =>
      packed ? floats(packed) : null,
    );
    const { neverNegative, keepsSign } = kindOf(layer);
    isBelowZero = !neverNegative && (keepsSign ? isBelowZero : true);
    return { ...layer, before, windows, weight, bias, isSigned: isBelowZero };
  });
  return { ...net, layers };
}

// The values of the picture, as the network gets it, and then of every layer.
export function forward(net, picture) {
  const values = [picture];
  for (const layer of net.layers) {
    const output = new Float32Array(area(layer.shape));
    kindOf(layer).forward(layer, values.at(-1), output);
    values.push(output);
  }
  return values;
}

// What unit `index` of layer `at` is made of: its terms, its value, and what else its kind tells.
export function explain(net, values, at, index) {
  const layer = net.layers[at];
  return { ...kindOf(layer).explain(layer, values[at], index), value: values[at + 1][index] };
}

// The number of the layer that gives the logits, beginning at 1: the one that the network's own
// softmax takes where it ends in one, so that no share is a softmax of a softmax; else the last.
function logitsAt({ layers }) {
  let at = layers.length;
  while (at > 0 && layers[at - 1].unchanged) at--;
  const isSoftmax = at > 0 && kindOf(layers[at - 1]).isSoftmax;
  return isSoftmax ? at - 1 : at;
}

// The logits among the values of a network.
export const logitsOf = (net, values) => values[logitsAt(net)];

// The number of the class with the largest of them.
export function answerOf(net, values) {
  const logits = logitsOf(net, values);
  return logits.indexOf(Math.max(...logits));
}

// The layer that gives them; −1 where the picture itself does.
export const logitsLayer = (net) => logitsAt(net) - 1;

// Whether layer `at` has a unit for each class: the logits, and what follows them.
export const isAnswer = (net, at) => at + 1 >= logitsAt(net);
