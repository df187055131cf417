// The kernels that a convolution has learned, as pictures.

import { make } from "../dom.js";
import { digits } from "../numbers.js";
import { endsOf } from "./colours.js";
import { channelsOf, kernelsOf } from "./kinds/weighted.js";
import { Mosaic } from "./mosaic.js";

const figure = (words, picture) =>
  make("figure", { style: "margin:4px 0" }, make("figcaption", { class: "faint" }, words), picture);

// The kernels in `values`, [number, height, width], with their range.
function few(values, shape, what) {
  const scale = Math.max(4, Math.floor(56 / shape[2]));
  const canvas = make("canvas", { role: "img" });
  const mosaic = new Mosaic(shape, scale, Math.min(shape[0], 6));
  const ends = endsOf(values, true);
  mosaic.paint(canvas, values, true, ends);
  const words = `${what}: ${digits(ends.low, 2)} (purple) to ${digits(ends.high, 2)} (orange)`;
  canvas.setAttribute("aria-label", words);
  return figure(words, canvas);
}

// Maps beside each other, so that the picture is wide and not tall.
function turned({ weight, shape: [maps] }, channels, taps) {
  const values = new Float32Array(weight.length);
  for (let map = 0; map < maps; map++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = (map * channels + channel) * taps;
      values.set(weight.subarray(from, from + taps), (channel * maps + map) * taps);
    }
  }
  return values;
}

// All kernels, with a frame around those of map `chosen`.
function all(layer, channels, chosen, colour) {
  const [height, width] = layer.kernel;
  const [maps] = layer.shape;
  const number = maps * channels;
  const canvas = make("canvas", { role: "img" });
  const mosaic = new Mosaic([number, height, width], Math.max(2, Math.floor(20 / width)), maps);
  mosaic.paint(canvas, turned(layer, channels, height * width), true, endsOf(layer.weight, true));
  const g = canvas.getContext("2d");
  const [, left] = mosaic.corner(chosen);
  g.strokeStyle = colour;
  g.lineWidth = 2;
  g.strokeRect(left - (chosen ? 1 : 0), 1, mosaic.pitch.across - 1, canvas.height - 2);
  const ofGroup = layer.groups > 1 ? " of its group" : "";
  const words = `All ${number} kernels: a column a map, a row an input map${ofGroup}`;
  canvas.setAttribute("aria-label", words);
  return figure(words, canvas);
}

// The figures for map `map` of a layer; a layer without kernels has none.
export function kernelFigures(layer, map, colour) {
  if (!layer.weight || !layer.kernel) return [];
  const [maps] = layer.shape;
  const channels = channelsOf(layer, map).length;
  const { kernel, weight } = layer;
  if (channels === 1) return [few(weight, [maps, ...kernel], `The ${maps} learned kernels`)];
  const what = `The ${channels} kernels of map ${map}, one an input map`;
  return [
    few(kernelsOf(layer, map), [channels, ...kernel], what),
    all(layer, channels, map, colour),
  ];
}
