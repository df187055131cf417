// A picture as it is seen: grey, one channel, or in colour, three; 0 is black and 1 white.

import { clamp } from "../numbers.js";
import { area } from "./shapes.js";

// Its channels, one after the other: [height × width values].
export function planesOf(picture, [channels, height, width]) {
  const size = height * width;
  return Array.from({ length: channels }, (_, i) => picture.subarray(i * size, (i + 1) * size));
}

// A picture of which each channel is what `of` makes of the old one.
export function eachPlane(picture, shape, of) {
  const out = new Float32Array(area(shape));
  const size = shape[1] * shape[2];
  planesOf(picture, shape).forEach((plane, i) => out.set(of(plane), i * size));
  return out;
}

// How light each pixel is: the mean of its channels.
export function lightOf(picture, shape) {
  const planes = planesOf(picture, shape);
  if (planes.length === 1) return planes[0];
  return planes[0].map((_, i) => planes.reduce((sum, plane) => sum + plane[i], 0) / planes.length);
}

// Paint it on a canvas of its own size.
export function paintPicture(canvas, picture, shape) {
  const g = canvas.getContext("2d");
  const image = g.createImageData(canvas.width, canvas.height);
  const planes = planesOf(picture, shape);
  const levels = (i) => [0, 1, 2].map((c) => 255 * clamp((planes[c] ?? planes[0])[i], 0, 1));
  planes[0].forEach((_, i) => image.data.set([...levels(i).map(Math.round), 255], 4 * i));
  g.putImageData(image, 0, 0);
}
