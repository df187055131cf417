// What a kernel or a window makes of the pixels under it.
//
// To add an operation, add an entry: its name, what stands in the padding, and what the taps give,
// as a number and in words. A tap is {row, column, value, weight}: its place in the padded input,
// the number there, and the kernel's.

import { brief, minus } from "../numbers.js";
import { PICTURES } from "./pictures.js";
import { windowsOf } from "./settings.js";
import { WEIGHTS } from "./weights.js";

const add = (numbers) => numbers.reduce((a, b) => a + b, 0);
const bracketed = (x) => (x < 0 ? `(${minus(x)})` : x);

export const OPERATIONS = {
  conv: {
    name: "convolution",
    padding: 0,
    value: (taps) => add(taps.map((tap) => tap.value * tap.weight)),
    words: (taps) => taps.map((tap) => `${tap.value}·${bracketed(tap.weight)}`).join(" + "),
  },
  avg: {
    name: "average pooling",
    padding: 0,
    value: (taps) => add(taps.map((tap) => tap.value)) / taps.length,
    words: (taps) => `(${taps.map((tap) => tap.value).join(" + ")}) / ${taps.length}`,
  },
  max: {
    name: "max pooling",
    padding: -Infinity,
    value: (taps) => Math.max(...taps.map((tap) => tap.value)),
    words: (taps) => `the largest of ${taps.map((tap) => brief(tap.value)).join(", ")}`,
  },
};

// The value at a position of the padded input.
export function valueAt({ kind, picture, input }, [down, across], row, column) {
  if (down.isPadding(row) || across.isPadding(column)) return OPERATIONS[kind].padding;
  return PICTURES[picture].pixel(down.pixel(row), across.pixel(column), input);
}

// The taps of output cell (row, column).
export function tapsOf(settings, windows, row, column) {
  const [down, across] = windows;
  const { weight } = WEIGHTS[settings.weights];
  return down.taps(row).flatMap((y, i) =>
    across.taps(column).map((x, j) => ({
      row: y,
      column: x,
      value: valueAt(settings, windows, y, x),
      weight: weight(i, j, settings.kernel),
    })),
  );
}

// The whole output: {rows, columns, values}, row by row.
export function compute(settings) {
  const windows = windowsOf(settings);
  const [rows, columns] = windows.map((window) => window.output);
  if (!rows || !columns) return { rows: 0, columns: 0, values: [] };
  const values = Array.from({ length: rows * columns }, (_, i) =>
    OPERATIONS[settings.kind].value(
      tapsOf(settings, windows, Math.floor(i / columns), i % columns),
    ),
  );
  return { rows, columns, values };
}
