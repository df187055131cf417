// A value as a message shows it, as `shown` of lenet_helpers/asking/reading.py does.

export const LARGEST = 1e15;
const SHOWN = 40; // signs of an answer that a message repeats

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** Three decimals; a tie goes to the even digit, as in Python, and not up. */
function threeDecimals(size) {
  const tie = Number.isInteger(16 * size) && !Number.isInteger(8 * size);
  const even = 2 * Math.round((1000 * size) / 2);
  const [whole, decimals] = (tie ? even / 1000 : size).toFixed(3).split(".");
  return `${grouped(whole)}.${decimals}`;
}

function tiny(value) {
  const [digits, exponent] = value.toExponential(5).split("e");
  if (Number(exponent) >= -4) return String(Number(value.toPrecision(6)));
  return `${Number(digits)}e-${exponent.slice(1).padStart(2, "0")}`;
}

function numberShown(value) {
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (Number.isInteger(value)) {
    return size <= LARGEST ? sign + grouped(String(size)) : "a very large number";
  }
  return size >= 0.001 ? sign + threeDecimals(size) : tiny(value);
}

function uncut(value) {
  if (typeof value === "number") return numberShown(value);
  if (Array.isArray(value)) return `(${value.join(", ")})`;
  return value.trim() ? value : `'${value}'`;
}

/** "2,416", "0.783", "(1, 16, 5, 5)"; what is long is cut. */
export function shown(value) {
  const signs = [...uncut(value)];
  return signs.length <= SHOWN ? signs.join("") : `${signs.slice(0, SHOWN).join("")} ...`;
}

/** Somebody's answer as it is repeated: `shown`, but 8.5 stays "8.5". */
export function repeated(value) {
  const text = shown(value);
  const isExact = typeof value === "number" && Number(value.toFixed(3)) === value;
  return isExact && text.includes(".") ? text.replace(/0+$/, "") : text;
}
