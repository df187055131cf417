// A stroke of a round brush.

import { clamp } from "../numbers.js";

// How far the point (y, x) is from the line between `from` and `to`.
function distance(y, x, [y0, x0], [y1, x1]) {
  const dy = y1 - y0;
  const dx = x1 - x0;
  const length = dy * dy + dx * dx;
  const along = length ? clamp(((y - y0) * dy + (x - x0) * dx) / length, 0, 1) : 0;
  return Math.hypot(y - y0 - along * dy, x - x0 - along * dx);
}

// The picture with a stroke from point to point, each (down, across) in pixels; its edge is soft.
export function stroke(picture, [, height, width], from, to, { brush, erasing }) {
  const next = Float32Array.from(picture);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = clamp(brush + 0.5 - distance(y + 0.5, x + 0.5, from, to), 0, 1);
      const i = y * width + x;
      next[i] = erasing ? Math.min(next[i], 1 - ink) : Math.max(next[i], ink);
    }
  }
  return next;
}
