// The padded input: its pixels, the taps of the window on it, and dots for the window's steps.

import { draw, make } from "../dom.js";
import { brief, indices } from "../numbers.js";
import { PixelLegend } from "./pixel_legend.js";
import { isLegible } from "./cell.js";
import { frameWithHalo } from "./halo.js";
import { Grid } from "./grid.js";
import { Company } from "./motion.js";
import { valueAt } from "./operations.js";
import { pixelTone } from "./tones.js";

const MARGIN = 12; // pixels for the dots
const times = (sides) => sides.join("×");

export class InputGrid {
  constructor() {
    this.grid = new Grid(MARGIN);
    const { overlay } = this.grid;
    this.dots = [0, 1].map(
      () => new Company(overlay, () => draw("circle", { r: 2.5, class: "dot" })),
    );
    this.reach = new Company(overlay, frameWithHalo);
    this.taps = new Company(overlay, () => draw("rect", { width: 1, height: 1, class: "tap" }));
    this.caption = make("figcaption");
    this.legend = new PixelLegend();
    this.figure = make(
      "figure",
      { class: "input" },
      this.caption,
      this.grid.svg,
      this.legend.element,
      make("p", { class: "faint" }, "dots: the steps of the window"),
    );
  }

  arrange(settings, windows, side, moves) {
    const { input, padding } = settings;
    const [down, across] = windows;
    const shape = windows.map((window) => window.padded);
    this.windows = windows;
    this.moves = moves; // at the next show()
    this.grid.arrange(shape, padding, side, moves);
    this.grid.resize(...windows.map((window) => extentOf(window) * side));
    const unvisited = windows.map((window) => unvisitedOf(window));
    this.grid.cells.forEach((cell, i) => {
      const row = Math.floor(i / shape[1]);
      const column = i % shape[1];
      const isPadding = down.isPadding(row) || across.isPadding(column);
      const isUnvisited = unvisited[0].has(row) || unvisited[1].has(column);
      const value = valueAt(settings, windows, row, column);
      cell.group.classList.toggle("padding", isPadding);
      cell.group.classList.toggle("unvisited", isUnvisited);
      cell.write(brief(value));
      cell.paint(isPadding ? null : pixelTone(value));
    });
    const around = padding.some(Boolean) ? `, padded to ${times(shape)}` : "";
    this.caption.textContent = `input ${times(input)}${around}`;
    this.grid.svg.classList.toggle("tiny", !isLegible(side));
    this.grid.svg.classList.toggle(
      "dilated",
      settings.dilation.some((d) => d > 1),
    );
    this.grid.svg.setAttribute("aria-label", labelOf(input, shape, windows));
    this.legend.element.hidden = isLegible(side);
  }

  // Mark the taps of output cell (row, column), and the steps that lead to it.
  show(taps, row, column) {
    const { side } = this.grid;
    const slow = this.moves;
    this.moves = false;
    const at = ({ row: y, column: x }) => `translate(${x * side}px, ${y * side}px) scale(${side})`;
    this.taps.go(taps.map(at), slow);
    this.showReach(taps, slow);
    this.windows.forEach((window, axis) => {
      const middles = indices(window.output).map((place) => (window.taps(place)[0] + 0.5) * side);
      this.dots[axis].go(
        middles.map((x) => (axis ? `translate(${x}px, -6px)` : `translate(-6px, ${x}px)`)),
        slow,
      );
      const chosen = axis ? column : row;
      this.dots[axis].members.forEach((dot, i) => dot.classList.toggle("now", i === chosen));
    });
  }

  // The outline of all that the window spans.
  showReach(taps, slow) {
    const { side } = this.grid;
    const [height, width] = this.windows.map((window) => window.reach * side);
    const [x, y] = [taps[0].column * side, taps[0].row * side];
    this.reach.go([`translate(${x}px, ${y}px) scale(${width}, ${height})`], slow);
  }
}

// How many cells an axis needs: a window that does not fit is shown to reach past the end.
export function extentOf({ padded, reach }) {
  return Math.max(padded, reach);
}

function unvisitedOf(window) {
  if (!window.output) return new Set();
  const { between, end } = window.unvisited();
  return new Set([...between, ...end]);
}

function labelOf(input, shape, windows) {
  const steps = windows.map((window) => window.output).join(" by ");
  const padded = `with padding ${shape.join(" by ")}`;
  return `Input of ${input.join(" by ")}, ${padded}. The window has ${steps} places.`;
}
