// The Gaussian error unit: x times the share of a normal distribution that lies below x.

import { digits, signed } from "../../numbers.js";

// The error function. Its series of positive terms (Abramowitz and Stegun, 7.1.6) is exact to the
// last digits; beyond 6 it is 1 in float64.
function erf(x) {
  const z = Math.abs(x);
  if (z >= 6) return Math.sign(x);
  let term = z;
  let sum = z;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * 2 * Math.exp(-z * z) * (sum / Math.sqrt(Math.PI));
}

const bent = (x) => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);

export const gelu = (x, { approximate }) =>
  0.5 * x * (1 + (approximate === "tanh" ? Math.tanh(bent(x)) : erf(x / Math.SQRT2)));

export function geluInWords(x, { approximate }) {
  const [n, s] = [digits(x, 4), signed(x, 4)];
  return approximate === "tanh"
    ? `0.5 · ${s} · (1 + tanh(√(2/π) · (${n} + 0.044715 · ${s}³)))`
    : `0.5 · ${s} · (1 + erf(${n} / √2))`;
}
