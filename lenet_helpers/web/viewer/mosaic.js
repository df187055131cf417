// Equal pictures side by side on one canvas, on one scale of colours, or each on its own.

import { endsOf, pixelOf } from "./colours.js";
import { placeOf } from "./shapes.js";

const LINE = "#8c8c8c"; // on the page, light or dark, and beside every colour of a value

// `shape` is [pictures, height, width] of the values, `scale` the side of a value and `gap` the room
// between two pictures, in pixels.
export class Mosaic {
  constructor(shape, scale, columns, gap = 3) {
    const [count, height, width] = shape;
    Object.assign(this, { shape, scale, columns, gap });
    this.pitch = { down: height * scale + gap, across: width * scale + gap };
    this.width = columns * this.pitch.across - gap;
    this.height = Math.ceil(count / columns) * this.pitch.down - gap;
  }

  // As many pictures in a row as `space` pixels hold.
  static fitting(shape, scale, space, gap = 3) {
    const [count, , width] = shape;
    const columns = Math.floor((space + gap) / (width * scale + gap));
    return new Mosaic(shape, scale, Math.max(1, Math.min(count, columns)), gap);
  }

  // As large as another mosaic has room for.
  static filling(shape, { width, height }, gap) {
    const size = (scale) => Mosaic.fitting(shape, scale, width, gap);
    let scale = 1;
    while (size(scale + 1).height <= height && size(scale + 1).width <= width) scale++;
    return size(scale);
  }

  corner(picture) {
    const { down, across } = this.pitch;
    return [Math.floor(picture / this.columns) * down, (picture % this.columns) * across];
  }

  // Paint the values; `ends` are those of their scale, {low, high}, null where each picture has its
  // own. One piece of pixels for the whole canvas: writing each picture by itself is slower.
  paint(canvas, values, isSigned, ends) {
    const { width, height } = this;
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
    }
    const g = canvas.getContext("2d", { willReadFrequently: true });
    const image = g.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const size = this.shape[1] * this.shape[2];
    const shared = ends && pixelOf(ends, isSigned);
    for (let picture = 0; picture < this.shape[0]; picture++) {
      const own = () => endsOf(values.subarray(picture * size, (picture + 1) * size), isSigned);
      this.fill(pixels, picture, values, shared ?? pixelOf(own(), isSigned));
    }
    g.putImageData(image, 0, 0);
    if (this.gap > 1) this.divide(g);
  }

  // A line in the middle of each gap: near zero a picture is as white as the page.
  divide(g) {
    const [count, height, width] = this.shape;
    const { scale, gap } = this;
    g.strokeStyle = LINE;
    g.lineWidth = 1;
    for (let picture = 0; picture < count; picture++) {
      const [top, left] = this.corner(picture).map((edge) => edge - gap / 2);
      g.strokeRect(left, top, width * scale + gap, height * scale + gap);
    }
  }

  fill(pixels, picture, values, pixel) {
    const [, height, width] = this.shape;
    const { scale } = this;
    const [top, left] = this.corner(picture);
    for (let y = 0; y < height; y++) {
      const from = (top + y * scale) * this.width + left;
      for (let x = 0; x < width; x++) {
        const colour = pixel(values[(picture * height + y) * width + x]);
        pixels.fill(colour, from + x * scale, from + (x + 1) * scale);
      }
      for (let line = 1; line < scale; line++) {
        pixels.copyWithin(from + line * this.width, from, from + width * scale);
      }
    }
  }

  // The rectangles [x, y, width, height] of a mark, of marks.js, on the canvas.
  rectanglesOf(mark) {
    const { scale, shape } = this;
    const [own, y, x] = placeOf(shape, mark.index ?? 0);
    const [top, left, bottom, right] = mark.box ?? [y, x, y, x];
    const every = mark.box && mark.map === null;
    const pictures = every ? Array.from({ length: shape[0] }, (_, i) => i) : [mark.map ?? own];
    return pictures.map((picture) => {
      const [down, across] = this.corner(picture);
      const [height, width] = [bottom - top + 1, right - left + 1];
      return [across + left * scale, down + top * scale, width * scale, height * scale];
    });
  }

  // Put frames around what is marked.
  frame(canvas, mark, colour, dashes = []) {
    const g = canvas.getContext("2d");
    g.strokeStyle = colour;
    g.lineWidth = 2;
    g.setLineDash(dashes);
    for (const [x, y, width, height] of this.rectanglesOf(mark)) {
      g.strokeRect(x - 1, y - 1, width + 2, height + 2);
    }
    g.setLineDash([]);
  }

  // Take the values of a picture away, from one index up to another.
  empty(canvas, [from, to]) {
    const g = canvas.getContext("2d");
    for (let index = from; index < to; index++) g.clearRect(...this.rectanglesOf({ index })[0]);
  }

  // The index of the value under the pointer, or null.
  valueUnder(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const zoom = this.width / box.width;
    return this.valueAt((event.clientY - box.top) * zoom, (event.clientX - box.left) * zoom);
  }

  // The index of the value at the pixel (down, across) of the canvas; null in a gap.
  valueAt(down, across) {
    const [count, height, width] = this.shape;
    const { scale, columns, pitch } = this;
    const row = Math.floor(down / pitch.down);
    const column = Math.floor(across / pitch.across);
    const picture = row * columns + column;
    const y = Math.floor((down - row * pitch.down) / scale);
    const x = Math.floor((across - column * pitch.across) / scale);
    return picture < count && y < height && x < width ? (picture * height + y) * width + x : null;
  }
}
