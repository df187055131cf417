// Layers that leave the values as they are: reshapes, and a dropout after training.

import { digits } from "../../numbers.js";
import { pointwise } from "./pointwise.js";

const same = (x) => x;

export const unchanging = {
  ...pointwise(same, same),
  keepsSign: true,
  words: ({ value }) => `the same number: ${digits(value, 4)}`,
};
