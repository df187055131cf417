// A grid of cells that keep their places in the picture while the padding around it changes.

import { draw } from "../dom.js";
import { indices } from "../numbers.js";
import { Cell } from "./cell.js";
import { glide, grow, leave } from "./motion.js";

const EDGE = 2; // pixels for the frames at the edge

// `margin` is the room at the top and on the left, in pixels, for what stands beside the cells.
export class Grid {
  constructor(margin = EDGE) {
    this.margin = margin;
    this.layer = draw("g", {}); // the cells: pixel (0, 0) of the picture is its origin
    this.overlay = draw("g", { class: "overlay" }); // what lies on them: its origin is the corner
    this.svg = draw("svg", { role: "img" });
    this.svg.append(this.layer, this.overlay);
    this.was = null;
  }

  // Draw anew with `shape` cells, of which `padding` are around the picture at each end.
  // If it `moves`, the cells come from where they were.
  arrange(shape, padding, side, moves, lines) {
    const [rows, columns] = shape;
    const now = { shape, padding, side };
    this.side = side;
    this.resize(rows * side, columns * side);
    this.cells = indices(rows * columns).map((i) => {
      const [down, across] = [Math.floor(i / columns) - padding[0], (i % columns) - padding[1]];
      return Object.assign(new Cell(down, across, side, lines), { down, across });
    });
    this.layer.replaceChildren(...this.cells.map(({ group }) => group));
    if (moves) this.move(this.was, now);
    this.layer.style.transform = placeOfLayer(now, side);
    this.was = now;
  }

  resize(height, width) {
    const { svg, margin } = this;
    const [full, high] = [width + margin + EDGE, height + margin + EDGE];
    svg.setAttribute("viewBox", `${-margin} ${-margin} ${full} ${high}`);
    svg.setAttribute("width", full);
    svg.setAttribute("height", high);
  }

  // What was there before goes to its new place, what is new grows, what is no more shrinks.
  move(was, now) {
    for (const cell of this.cells) if (!has(was, cell)) grow(cell.group);
    for (const { down, across } of placesOf(was)) {
      if (has(now, { down, across })) continue;
      const { group } = new Cell(down, across, now.side);
      this.layer.append(group);
      leave(group);
    }
    glide(this.layer, placeOfLayer(was, now.side), placeOfLayer(now, now.side));
  }
}

// The transform that puts cells drawn with `side` where an arrangement has them.
function placeOfLayer({ padding: [down, across], side: own }, side) {
  return `translate(${across * own}px, ${down * own}px) scale(${own / side})`;
}

function has({ shape: [rows, columns], padding }, { down, across }) {
  const [row, column] = [down + padding[0], across + padding[1]];
  return row >= 0 && row < rows && column >= 0 && column < columns;
}

function placesOf({ shape: [rows, columns], padding }) {
  return indices(rows * columns).map((i) => ({
    down: Math.floor(i / columns) - padding[0],
    across: (i % columns) - padding[1],
  }));
}
