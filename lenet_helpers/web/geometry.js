// A window on one axis: the kernel of a convolution or the window of a pooling, as it slides.
//
// n pixels, a kernel of k taps, stride s, padding p at both ends and `extra` more at the far end,
// dilation d. Positions are counted in the padded input: position p is pixel 0.
//
// JavaScript has this arithmetic here and nowhere else, and a test holds it equal to Python's.

import { indices } from "./numbers.js";

export class Window {
  constructor(n, k, s = 1, p = 0, d = 1, extra = 0) {
    Object.assign(this, { n, k, s, p, d, extra });
  }

  // The pixels together with their padding.
  get padded() {
    return this.n + 2 * this.p + this.extra;
  }

  // How many positions the kernel spans, the gaps between its taps included.
  get reach() {
    return this.d * (this.k - 1) + 1;
  }

  // How many places the kernel has; 0 where it does not fit.
  get output() {
    const room = this.padded - this.reach;
    return room < 0 ? 0 : Math.floor(room / this.s) + 1;
  }

  // The positions of the taps at output place `index`.
  taps(index) {
    return indices(this.k).map((tap) => index * this.s + tap * this.d);
  }

  // The same without those beyond the padding: where the output is rounded up, the last window
  // reaches over the end.
  tapsInside(index) {
    return this.taps(index).filter((position) => position < this.padded);
  }

  // The positions of the taps for every output place.
  allTaps() {
    return indices(this.output).map((index) => this.taps(index));
  }

  // The pixel at `position`; below 0 or from n on in the padding.
  pixel(position) {
    return position - this.p;
  }

  // The position of a pixel.
  position(pixel) {
    return pixel + this.p;
  }

  isPadding(position) {
    const pixel = this.pixel(position);
    return pixel < 0 || pixel >= this.n;
  }

  // The pixels under the taps at output place `index`; the padding has none.
  pixels(index) {
    return this.taps(index)
      .filter((at) => !this.isPadding(at))
      .map((at) => this.pixel(at));
  }

  // The pixels from the first to the last that the output places from `low` to `high` depend on.
  span(low, high) {
    const first = this.pixel(this.taps(low)[0]);
    const last = this.pixel(this.taps(high).at(-1));
    return [Math.max(first, 0), Math.min(last, this.n - 1)];
  }

  // The positions that no tap ever reaches: between the taps, and at the end, where the floor
  // leaves out a last step.
  unvisited() {
    const seen = new Set(this.allTaps().flat());
    const last = Math.max(...seen);
    const unseen = indices(this.padded).filter((position) => !seen.has(position));
    return { between: unseen.filter((at) => at < last), end: unseen.filter((at) => at > last) };
  }

  // The formula with its numbers and its result; with the step between them if `steps` is true.
  formula({ steps = false } = {}) {
    const { n, k, s, p, d, output } = this;
    const formula = `⌊(${n} + 2·${p} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1`;
    if (!output) return `${formula} → no output`;
    const step = `⌊${this.padded - this.reach} / ${s}⌋ + 1`;
    return [formula, ...(steps ? [step] : []), output].join(" = ");
  }

  // Why `side` ("height" or "width") has no output; "" where it has one.
  whyNone(side) {
    if (this.output) return "";
    const { reach, padded } = this;
    return `No output in ${side}: the kernel reaches ${reach}, the padded input is ${padded}.`;
  }
}
