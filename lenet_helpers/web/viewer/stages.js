// The columns of the flow: a layer that makes new values of its input, with the layers around it
// that change each value by itself, or only its place.

import { kindOf } from "./kinds.js";
import { indices } from "../numbers.js";

// Whether a layer mixes values of several places: with windows, or with weights.
export function isMixing(layer) {
  return Boolean(layer.windows || kindOf(layer).addsUp);
}

// The numbers of the layers in each column.
export function stagesOf({ layers }) {
  const stages = [[]];
  let hasMixed = false;
  for (const at of indices(layers.length)) {
    if (isMixing(layers[at]) && hasMixed) stages.push([]);
    hasMixed ||= isMixing(layers[at]);
    stages.at(-1).push(at);
  }
  return stages;
}

// The layer that a column shows first: of maps the sums themselves, of a vector what becomes of them.
export function shownFirst({ layers }, stage) {
  const own = stage.find((at) => isMixing(layers[at])) ?? stage[0];
  if (layers[own].shape.length === 3) return own;
  return stage.findLast((at) => !layers[at].unchanged && !kindOf(layers[at]).isSoftmax) ?? own;
}
