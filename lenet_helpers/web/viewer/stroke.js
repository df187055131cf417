// A stroke of a round brush.

import { clamp } from "../numbers.js";
import { eachPlane } from "./picture.js";

// How far the point (y, x) is from the line between `from` and `to`.
function distance(y, x, [y0, x0], [y1, x1]) {
  const dy = y1 - y0;
  const dx = x1 - x0;
  const length = dy * dy + dx * dx;
  const along = length ? clamp(((y - y0) * dy + (x - x0) * dx) / length, 0, 1) : 0;
  return Math.hypot(y - y0 - along * dy, x - x0 - along * dx);
}

// The picture with a white stroke from point to point, each (down, across) in pixels; its edge is
// soft.
export function stroke(picture, shape, from, to, { brush, erasing }) {
  const [, height, width] = shape;
  const ink = Float32Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return clamp(brush + 0.5 - distance(y + 0.5, x + 0.5, from, to), 0, 1);
  });
  const drawn = (old, i) => (erasing ? Math.min(old, 1 - ink[i]) : Math.max(old, ink[i]));
  return eachPlane(picture, shape, (plane) => plane.map(drawn));
}
