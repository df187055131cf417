// What a layer does, for somebody who meets its name for the first time.

import { kindOf } from "./kinds.js";

export function aboutOf(layer) {
  const { addsUp, isSoftmax, wholeInput } = kindOf(layer);
  if (layer.windows) {
    return addsUp
      ? "Small grids of weights, the kernels, move over the maps before: at each place a sum of products."
      : "A window moves over each map before: of the values under it, one new value.";
  }
  if (addsUp) return "Each unit is a sum of all values before it, each times a weight of its own.";
  if (layer.unchanged) return "The values stay as they are.";
  if (isSoftmax) return "The scores become shares, or their logarithms.";
  return wholeInput
    ? "The values are brought to one common mean and spread."
    : "Each value is changed by itself, by the same rule.";
}
