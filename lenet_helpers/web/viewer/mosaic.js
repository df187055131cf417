// Equal pictures side by side on one canvas, all on one scale of grey.

import { placeOf } from "./shapes.js";

const GAP = 3; // pixels between two pictures

function extremes(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

// `shape` is [pictures, height, width] of the values, `scale` the side of a value in pixels.
export class Mosaic {
  constructor(shape, scale, columns) {
    const [count, height, width] = shape;
    Object.assign(this, { shape, scale, columns });
    this.pitch = { down: height * scale + GAP, across: width * scale + GAP };
    this.width = columns * this.pitch.across - GAP;
    this.height = Math.ceil(count / columns) * this.pitch.down - GAP;
  }

  // As many pictures in a row as `space` pixels hold.
  static fitting(shape, scale, space) {
    const [count, , width] = shape;
    const columns = Math.floor((space + GAP) / (width * scale + GAP));
    return new Mosaic(shape, scale, Math.max(1, Math.min(count, columns)));
  }

  corner(picture) {
    const { down, across } = this.pitch;
    return [Math.floor(picture / this.columns) * down, (picture % this.columns) * across];
  }

  // Paint the values and return {low, high}: the least is black, the greatest white. One piece of
  // pixels for the whole canvas: writing each picture by itself is slower.
  paint(canvas, values) {
    const { width, height } = this;
    const { low, high } = extremes(values);
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
    }
    const g = canvas.getContext("2d", { willReadFrequently: true });
    const image = g.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const grade = 255 / (high - low || 1);
    const grey = (value) => {
      const level = Math.round((value - low) * grade);
      return 0xff000000 | (level << 16) | (level << 8) | level;
    };
    for (let picture = 0; picture < this.shape[0]; picture++) {
      this.fill(pixels, picture, values, grey);
    }
    g.putImageData(image, 0, 0);
    return { low, high };
  }

  fill(pixels, picture, values, grey) {
    const [, height, width] = this.shape;
    const { scale } = this;
    const [top, left] = this.corner(picture);
    for (let y = 0; y < height; y++) {
      const from = (top + y * scale) * this.width + left;
      for (let x = 0; x < width; x++) {
        const colour = grey(values[(picture * height + y) * width + x]);
        pixels.fill(colour, from + x * scale, from + (x + 1) * scale);
      }
      for (let line = 1; line < scale; line++) {
        pixels.copyWithin(from + line * this.width, from, from + width * scale);
      }
    }
  }

  // Put a frame around one value.
  frame(canvas, index, colour) {
    const [picture, y, x] = placeOf(this.shape, index);
    const [top, left] = this.corner(picture);
    const { scale } = this;
    const g = canvas.getContext("2d");
    g.strokeStyle = colour;
    g.lineWidth = 2;
    g.strokeRect(left + x * scale - 1, top + y * scale - 1, scale + 2, scale + 2);
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
