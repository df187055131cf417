// The picture: the padded input, what lies under the window, and the output, from left to right.

import { make } from "../dom.js";
import { InputGrid } from "./input_grid.js";
import { OutputGrid } from "./output_grid.js";
import { WindowGrid } from "./window_grid.js";

const CELL = { least: 3, most: 46 }; // pixels of a cell
const HEIGHT = 324; // pixels of the tallest grid
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

  // Draw all anew, to fit into the width that there is.
  arrange(settings, windows, result) {
    const side = this.sideFor(settings, windows, result);
    this.input.arrange(settings, windows, side);
    this.window.arrange(settings);
    this.output.arrange(settings, result, side);
  }

  // The cells of input and output are equally large.
  sideFor(settings, windows, { columns }) {
    const { clientWidth } = this.element;
    const beside = clientWidth > NARROW ? WindowGrid.widthOf(settings) + GAPS : 50;
    const [height, width] = windows.map((window) => window.padded);
    const side = Math.min(HEIGHT / height, (clientWidth - beside) / (width + columns), CELL.most);
    return Math.max(Math.floor(side), CELL.least);
  }

  show(taps, row, column) {
    this.input.show(taps, row, column);
    this.window.show(taps);
    this.output.show();
  }

  say(words) {
    this.output.say(words);
  }
}
