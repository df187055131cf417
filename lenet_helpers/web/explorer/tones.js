// The colour of a cell and of the ink on it, on a light page and on a dark one.
//
// A tone is {light, dark}, each [colour, ink] for a style sheet.

import { pixelOf } from "../viewer/colours.js";
import { clamp } from "../numbers.js";
import { MOST } from "./pictures.js";

// Pixels are blue: the page's own ground is nothing.
const PIXELS = {
  light: [
    [255, 255, 255],
    [11, 79, 134],
  ],
  dark: [
    [22, 32, 42],
    [140, 200, 245],
  ],
};
const colour = (rgb) => `rgb(${rgb.map(Math.round).join(" ")})`;

// Black or white: the one that stands out more, as WCAG measures it.
function inkOn(rgb) {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

const on = (rgb) => [colour(rgb), inkOn(rgb)];

// The tone of a pixel, from 0 to MOST.
export function pixelTone(value) {
  const share = clamp(value / MOST, 0, 1);
  const between = ([least, most]) => on(least.map((part, i) => part + share * (most[i] - part)));
  return { light: between(PIXELS.light), dark: between(PIXELS.dark) };
}

// A function from a value that may be negative to its tone, between the ends of its scale.
export function signedTones(ends) {
  const pixel = pixelOf(ends, true);
  return (value) => {
    const packed = pixel(value);
    const tone = on([packed & 255, (packed >> 8) & 255, (packed >> 16) & 255]);
    return { light: tone, dark: tone };
  };
}

// The scale of the pixels as the background of a strip, for either page.
export const pixelGradients = Object.fromEntries(
  Object.entries(PIXELS).map(([theme, ends]) => [
    theme,
    `linear-gradient(to right, ${ends.map(colour).join(", ")})`,
  ]),
);
