// How large the maps of a network are drawn, so that all of its columns fit beside each other.

import { Mosaic } from "./mosaic.js";

// The fewest columns with which pictures of this scale are no higher than `height`; null: too high.
function narrowest({ shape, gap }, scale, height) {
  const [count, high] = shape;
  const rows = Math.floor((height + gap) / (high * scale + gap));
  return rows < 1 ? null : new Mosaic(shape, scale, Math.ceil(count / rows), gap);
}

// A mosaic for each entry of `pictures`, {shape, gap, largest, least}: the smallest scale grows first,
// until they are `height` high or `width` wide together. A column is never narrower than its `least`.
export function mosaicsFor(pictures, width, height) {
  const across = (mosaic, i) => Math.max(mosaic.width, pictures[i].least);
  const found = pictures.map(
    (each) => narrowest(each, 1, height) ?? Mosaic.fitting(each.shape, 1, each.least),
  );
  let left = width - found.reduce((sum, mosaic, i) => sum + across(mosaic, i), 0);
  const growing = new Set(pictures.keys());
  while (growing.size) {
    const i = [...growing].reduce((a, b) => (found[b].scale < found[a].scale ? b : a));
    const next = narrowest(pictures[i], found[i].scale + 1, height);
    const more = next ? across(next, i) - across(found[i], i) : 0;
    if (!next || next.scale > pictures[i].largest || more > left) growing.delete(i);
    else {
      left -= more;
      found[i] = next;
    }
  }
  return found;
}
