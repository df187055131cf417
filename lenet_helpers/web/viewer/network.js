// A network: its layers as lenet_viewer.py packed them, what they make of a picture, and why.

import { Window } from "../geometry.js";
import { kindOf } from "./kinds.js";
import { area } from "./shapes.js";

// Little-endian float32 numbers in base64.
export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function windowsOf({ kernel, stride, padding, dilation }, [, ...sides]) {
  return sides.map((n, a) => new Window(n, kernel[a], stride[a], padding[a], dilation[a]));
}

export function unpack(net) {
  const layers = net.layers.map((layer, at) => {
    const before = at ? net.layers[at - 1].shape : net.input;
    const windows = layer.kernel ? windowsOf(layer, before) : null;
    const [weight, bias] = [layer.weight, layer.bias].map((packed) =>
      packed ? floats(packed) : null,
    );
    return { ...layer, before, windows, weight, bias };
  });
  return { ...net, layers };
}

// The values of the picture and then of every layer.
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
