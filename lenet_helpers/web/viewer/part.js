// A window of an adaptive pooling on one axis: the side of n pixels in `output` parts, as equal as
// whole pixels allow. Two parts may share a pixel. What geometry.js has of a Window, without padding.

import { indices } from "../numbers.js";

export class Part {
  constructor(n, output) {
    Object.assign(this, { n, output });
  }

  pixels(index) {
    const [first, last] = this.span(index, index);
    return indices(last - first + 1).map((i) => first + i);
  }

  // The pixels from the first to the last of the parts from `low` to `high`.
  span(low, high) {
    const { n, output } = this;
    return [Math.floor((low * n) / output), Math.ceil(((high + 1) * n) / output) - 1];
  }

  tapsInside(index) {
    return this.pixels(index);
  }

  pixel(position) {
    return position;
  }

  isPadding() {
    return false;
  }
}
