// A cell of a grid: a square with its number in it, where there is room for one.

import { draw } from "../dom.js";

const LEGIBLE = 15; // pixels: a smaller cell has no number

export const isLegible = (side) => side >= LEGIBLE;

// The size of letters in which `words` fit into a cell.
const sizeOf = (words, side) => Math.min(15, side * 0.46, (side * 1.4) / words.length);

// Draws at (across, down) of its grid; with `lines` of words, one or two.
export class Cell {
  constructor(down, across, side, lines = 1) {
    this.side = side;
    this.group = draw("g", { class: isLegible(side) ? "cell" : "cell small" });
    this.rect = draw("rect", { x: across * side, y: down * side, width: side, height: side });
    this.group.append(this.rect);
    this.texts = isLegible(side) ? this.lines(down, across, side, lines) : [];
    this.group.append(...this.texts);
  }

  lines(down, across, side, lines) {
    const places = lines > 1 ? [0.34, 0.72] : [0.52];
    return places.map((place, i) =>
      draw("text", {
        x: (across + 0.5) * side,
        y: (down + place) * side,
        class: i ? "second" : "first",
      }),
    );
  }

  write(...words) {
    this.texts.forEach((text, i) => {
      text.textContent = words[i];
      text.setAttribute("font-size", i ? 12 : sizeOf(words[i], this.side));
    });
  }

  // Give the cell a tone of tones.js; null leaves it empty.
  paint(tone) {
    const { style } = this.group;
    for (const theme of ["light", "dark"]) {
      const [colour, ink] = tone?.[theme] ?? ["", ""];
      style.setProperty(`--${theme}`, colour);
      style.setProperty(`--${theme}-ink`, ink);
    }
  }
}
