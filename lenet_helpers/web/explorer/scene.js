// The picture: the padded input, what lies under the window, and the output, from left to right.

import { make } from "../dom.js";
import { InputGrid, extentOf } from "./input_grid.js";
import { glide, settle } from "./motion.js";
import { OutputGrid } from "./output_grid.js";
import { WindowGrid } from "./window_grid.js";

const CELL = { least: 3, most: 52 }; // pixels of a cell
const HEIGHT = 384; // pixels of the tallest grid
const GAPS = 110; // pixels between the figures and beside them
const NARROW = 640; // pixels: from here down the window has a row of its own

export class Scene {
  constructor(player) {
    this.input = new InputGrid();
    this.window = new WindowGrid();
    this.output = new OutputGrid(player);
    const sign = () => make("span", { class: "sign", "aria-hidden": "true" }, "→");
    this.element = make(
      "div",
      { class: "scene" },
      this.input.figure,
      sign(),
      this.window.figure,
      sign(),
      this.output.figure,
    );
  }

  // Draw all anew, to fit into the width that there is. What shows the same pixels as before moves
  // to its new place, if it `mayMove`; another picture is there at once.
  arrange(settings, windows, result, mayMove = true) {
    const side = this.sideFor(settings, windows, result);
    const shown = [settings.picture, ...settings.input].join();
    const moves = mayMove && shown === this.shown;
    this.shown = shown;
    const figures = [this.input, this.window, this.output].map(({ figure }) => figure);
    const before = figures.map((figure) => figure.getBoundingClientRect());
    this.input.arrange(settings, windows, side, moves);
    this.window.arrange(settings, moves);
    this.output.arrange(settings, result, side, moves);
    if (moves) figures.forEach((figure, i) => comeFrom(figure, before[i]));
  }

  // The cells of input and output are equally large.
  sideFor(settings, windows, { columns }) {
    const { clientWidth } = this.element;
    const beside = clientWidth > NARROW ? WindowGrid.widthOf(settings) + GAPS : 50;
    const [height, width] = windows.map(extentOf);
    const side = Math.min(HEIGHT / height, (clientWidth - beside) / (width + columns), CELL.most);
    return Math.max(Math.floor(side), CELL.least);
  }

  show(taps, row, column) {
    this.input.show(taps, row, column);
    this.window.show(taps, this.output.isThere);
    this.output.show();
  }

  say(words) {
    this.output.say(words);
  }
}

// Move a figure from where it was to where it is now.
function comeFrom(figure, { left, top }) {
  settle(figure);
  const now = figure.getBoundingClientRect();
  const from = `translate(${left - now.left}px, ${top - now.top}px)`;
  glide(figure, from, "translate(0px, 0px)");
}
