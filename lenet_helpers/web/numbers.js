// Numbers, as they are read: with a minus sign, and no more digits than are of use.

export const minus = (x) => String(x).replace("-", "−");

// n digits after the point; what rounds to zero has no sign.
export const digits = (x, n) => minus((Math.abs(x) < 0.5 * 10 ** -n ? 0 : x).toFixed(n));

// The same in brackets if it is negative, to stand behind an operator.
export const signed = (x, n) => (x < 0 ? `(${digits(x, n)})` : digits(x, n));

// Whole where it is whole, else two digits.
export function brief(x) {
  if (x === -Infinity) return "−∞";
  return minus(Number.isInteger(x) ? x : x.toFixed(2));
}

export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

// `length` numbers from 0 on.
export const indices = (length) => [...Array(length).keys()];
