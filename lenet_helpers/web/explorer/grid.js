// A grid of cells with numbers in them, drawn.

import { draw } from "../dom.js";

const LEGIBLE = 15; // pixels: a smaller cell has no number

class Cell {
  constructor(row, column, side) {
    Object.assign(this, { row, column });
    this.rect = draw("rect", {
      x: column * side,
      y: row * side,
      width: side,
      height: side,
      stroke: "var(--line)",
    });
    this.text =
      side < LEGIBLE
        ? null
        : draw("text", {
            x: (column + 0.5) * side,
            y: (row + 0.5) * side,
            "font-size": Math.min(14, side * 0.46),
          });
  }

  write(words) {
    if (this.text) this.text.textContent = words;
  }

  paint(fill) {
    this.rect.setAttribute("fill", fill);
  }

  // Mark the cell as one that is added up now, or paint it as it is otherwise.
  light(on, fill) {
    this.paint(on ? "var(--tap)" : fill);
    this.rect.setAttribute("stroke-width", on ? 2 : 1);
    this.ink(on ? "var(--tapink)" : "");
  }

  ink(colour) {
    if (this.text) this.text.style.fill = colour;
  }
}

export class Grid {
  constructor(rows, columns, side, label) {
    this.svg = draw("svg", {
      viewBox: `-1 -1 ${columns * side + 2} ${rows * side + 2}`,
      width: columns * side + 2,
      height: rows * side + 2,
      role: "img",
      "aria-label": label,
    });
    this.cells = Array.from(
      { length: rows * columns },
      (_, i) => new Cell(Math.floor(i / columns), i % columns, side),
    );
    for (const { rect, text } of this.cells) this.svg.append(rect, ...(text ? [text] : []));
  }
}
