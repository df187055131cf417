// How a picture lies in its frame, and where a drawing differs from the pictures of the data set.

import { lightOf } from "./picture.js";

const INK = 0.1; // a pixel above this share of white belongs to the drawing; so in samples.py

// The box around the ink, how far its middle lies from that of the frame, and how full of light it
// is; null if there is no ink.
export function measure(picture, shape) {
  const [, height, width] = shape;
  const light = lightOf(picture, shape);
  let top = height;
  let left = width;
  let bottom = -1;
  let right = -1;
  let ink = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = light[y * width + x];
      ink += value;
      if (value < INK) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (bottom < 0) return null;
  const high = bottom - top + 1;
  const wide = right - left + 1;
  return {
    top,
    left,
    bottom,
    right,
    longest: Math.max(high, wide),
    down: (top + bottom + 1) / 2 - height / 2,
    across: (left + right + 1) / 2 - width / 2,
    fill: ink / (high * wide),
  };
}

function shift(found, usual, axis, [before, after]) {
  const off = Math.abs(found[axis]) > 1.5 && Math.abs(found[axis] - usual[axis]) > 1.5;
  return off ? [`${Math.abs(found[axis])} pixels too ${found[axis] < 0 ? before : after}`] : [];
}

// Where a drawing differs, in sentences; `found` and `usual` are of measure().
export function differences(found, usual) {
  if (!found) return ["It is empty."];
  const told = [];
  const percent = (share) => `${(100 * share).toFixed(0)} %`;
  const shifts = [
    ...shift(found, usual, "down", ["high", "low"]),
    ...shift(found, usual, "across", ["far left", "far right"]),
  ];
  if (shifts.length) told.push(`Centre: it lies ${shifts.join(" and ")}.`);
  if (Math.abs(found.longest - usual.longest) > 2) {
    const wanted = usual.longest.toFixed(0);
    told.push(`Size: its longer side has ${found.longest} pixels; usual are ${wanted}.`);
  }
  if (found.fill < 0.6 * usual.fill || found.fill > 1.5 * usual.fill) {
    const fill = percent(found.fill);
    told.push(`Stroke: it fills ${fill} of its box with light; usual are ${percent(usual.fill)}.`);
  }
  return told;
}
