// A drawing made like the pictures of the data set: centred, scaled, its strokes thickened.

import { eachPlane } from "./picture.js";
import { measure } from "./placing.js";

const inside =
  ([, height, width]) =>
  ([y, x]) =>
    y >= 0 && x >= 0 && y < height && x < width;

// The value of a channel between the four pixels around (y, x); beyond the frame it is dark.
function bilinear(plane, shape, y, x) {
  const top = Math.floor(y);
  const left = Math.floor(x);
  const width = shape[2];
  const around = [
    [top, left],
    [top, left + 1],
    [top + 1, left],
    [top + 1, left + 1],
  ];
  return around
    .filter(inside(shape))
    .reduce(
      (sum, [row, column]) =>
        sum + plane[row * width + column] * (1 - Math.abs(y - row)) * (1 - Math.abs(x - column)),
      0,
    );
}

// A channel with the middle of `box` moved to that of the frame, `scale` times as large.
function placed(plane, shape, box, scale) {
  const [, height, width] = shape;
  return Float32Array.from(plane, (_, i) => {
    const down = Math.floor(i / width) - (height - 1) / 2;
    const across = (i % width) - (width - 1) / 2;
    const y = down / scale + (box.top + box.bottom) / 2;
    const x = across / scale + (box.left + box.right) / 2;
    return bilinear(plane, shape, y, x);
  });
}

// The strokes of a channel one pixel thicker on each side, inside their own box.
function thicken(plane, shape, box) {
  const out = Float32Array.from(plane);
  const width = shape[2];
  for (let y = box.top; y <= box.bottom; y++) {
    for (let x = box.left; x <= box.right; x++) {
      const beside = [
        [y - 1, x],
        [y + 1, x],
        [y, x - 1],
        [y, x + 1],
      ].filter(inside(shape));
      const light = beside.map(([row, column]) => 0.9 * plane[row * width + column]);
      out[y * width + x] = Math.max(plane[y * width + x], ...light);
    }
  }
  return out;
}

export function likeTheData(picture, shape, usual) {
  const found = measure(picture, shape);
  if (!found) return picture;
  let scale = usual.longest / found.longest;
  let out = picture;
  for (let turn = 0; turn < 4; turn++) {
    // enlarging blurs the edge outwards: measure, and correct
    const grown = scale;
    out = eachPlane(picture, shape, (plane) => placed(plane, shape, found, grown));
    const now = measure(out, shape);
    if (!now || Math.abs(now.longest - usual.longest) <= 1) break;
    scale *= usual.longest / now.longest;
  }
  for (let turn = 0; turn < 6; turn++) {
    const now = measure(out, shape);
    if (!now || now.fill >= 0.9 * usual.fill) break;
    out = eachPlane(out, shape, (plane) => thicken(plane, shape, now));
  }
  return out;
}
