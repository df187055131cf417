// What is looked at: whole numbers from 0 to MOST, the same every time.
//
// To add a picture, add an entry: its name, the number at (row, column) of [height, width], and how
// far down and across the first look at it goes, from 0 to 1.

import { shoePixel } from "./shoe.js";

export const MOST = 9;

export const PICTURES = {
  numbers: { name: "small numbers", pixel: (row, column) => (7 * row + 3 * column) % 10, look: 0 },
  shoe: { name: "a shoe", pixel: shoePixel, look: 0.5 },
};
