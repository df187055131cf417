// Layers that give the same values another shape: Flatten, Unflatten, Reshape, Identity.

import { digits } from "../../numbers.js";
import { pointwise } from "./pointwise.js";

export const reshaping = {
  ...pointwise((x) => x),
  words: ({ value }) => `the same number in another shape: ${digits(value, 4)}`,
};
