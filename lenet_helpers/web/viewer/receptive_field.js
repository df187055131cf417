// What of the picture a unit depends on.

import { kindOf } from "./kinds.js";
import { placeOf } from "./shapes.js";

function boxOfUnit(shape, index) {
  const [, row, column] = placeOf(shape, index);
  return [row, column, row, column];
}

// The rectangle of the picture that unit `index` of layer `at` depends on: [top, left, bottom,
// right], ends included.
export function receptiveField(net, at, index) {
  let box = null; // until there is a window, the unit stands for itself, whatever its shape
  for (const layer of net.layers.slice(0, at + 1).reverse()) {
    if (kindOf(layer).wholeInput) {
      const [, height, width] = net.input;
      return [0, 0, height - 1, width - 1];
    }
    if (!layer.windows) continue;
    const [top, left, bottom, right] = box ?? boxOfUnit(layer.shape, index);
    const [down, across] = layer.windows;
    const [rows, columns] = [down.span(top, bottom), across.span(left, right)];
    box = [rows[0], columns[0], rows[1], columns[1]];
  }
  return box ?? boxOfUnit(net.input, index);
}
