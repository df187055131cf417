// What a window holds.

import { indexOf } from "../shapes.js";

// The terms under the window at (row, column), in one map of the layer before: {from, x, padding},
// tap by tap. Padding is zero.
export function termsInWindow(layer, input, map, row, column) {
  const [down, across] = layer.windows;
  return down.tapsInside(row).flatMap((y) =>
    across.tapsInside(column).map((x) => {
      const from = [map, down.pixel(y), across.pixel(x)];
      const padding = down.isPadding(y) || across.isPadding(x);
      return { from, x: padding ? 0 : input[indexOf(layer.before, from)], padding };
    }),
  );
}
