// The three grids: the padded input, the kernel, and the output as far as it has been worked out.

import { make } from "../dom.js";
import { brief, clamp, minus } from "../numbers.js";
import { Grid } from "./grid.js";
import { valueAt, weight } from "./operations.js";

const SIDE = { least: 9, most: 34, kernel: 20, output: 30 }; // pixels of a cell
const times = (rows, columns) => `${rows}×${columns}`;

export class Grids {
  constructor(player) {
    this.player = player;
    this.element = make("div", { class: "grids" });
  }

  // Draw all anew, to fit into `width` pixels.
  restart(settings, windows, result, width) {
    const room = Math.min(440, width - 20);
    const widest = Math.max(...windows.map((window) => window.padded));
    const side = clamp(Math.floor(room / widest), SIDE.least, SIDE.most);
    this.result = result;
    const figures = [this.drawInput(settings, windows, side)];
    if (settings.kind === "conv") {
      figures.push(this.drawKernel(settings, Math.max(side, SIDE.kernel)));
    }
    this.output = null;
    if (result.values.length) {
      const fitting = Math.floor(room / Math.max(result.rows, result.columns));
      figures.push(this.drawOutput(Math.max(side, Math.min(SIDE.output, fitting))));
    }
    this.element.replaceChildren(
      ...figures.map(([caption, grid]) =>
        make("figure", {}, make("figcaption", {}, caption), grid.svg),
      ),
    );
  }

  drawInput(settings, windows, side) {
    const [down, across] = windows;
    const { input, padding } = settings;
    this.input = new Grid(
      down.padded,
      across.padded,
      side,
      `Input of ${input.join(" by ")}, with padding ${down.padded} by ${across.padded}.`,
    );
    for (const cell of this.input.cells) {
      cell.inPadding = down.isPadding(cell.row) || across.isPadding(cell.column);
      if (cell.inPadding) cell.rect.setAttribute("stroke-dasharray", "3 2");
      cell.write(brief(valueAt(settings, windows, cell.row, cell.column)));
    }
    return [
      `input ${times(...input)}${padding.some(Boolean) ? ", padding dashed" : ""}`,
      this.input,
    ];
  }

  drawKernel({ kernel }, side) {
    const grid = new Grid(...kernel, side, `Kernel of ${kernel.join(" by ")}.`);
    for (const cell of grid.cells) {
      cell.paint("var(--tap)");
      cell.write(minus(weight(cell.row, cell.column)));
      cell.ink("var(--tapink)");
    }
    return [`kernel ${times(...kernel)}`, grid];
  }

  drawOutput(side) {
    const { rows, columns } = this.result;
    this.output = new Grid(rows, columns, side, "");
    this.output.cells.forEach(({ rect }, i) => {
      rect.addEventListener("pointerenter", (event) => {
        if (event.pointerType === "mouse") this.player.jump(i);
      });
      rect.addEventListener("click", () => this.player.jump(i));
    });
    this.output.svg.setAttribute("tabindex", 0);
    this.output.svg.addEventListener("keydown", (event) => this.pressed(event));
    return [`output ${times(rows, columns)}`, this.output];
  }

  pressed(event) {
    const {
      columns,
      values: { length },
    } = this.result;
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -length,
      End: length,
    }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.player.jump(this.player.at + step);
  }

  // Light the taps and the cell where the player is; show the values of the cells that have been.
  show(taps) {
    const places = new Set(taps.map(({ row, column }) => `${row},${column}`));
    for (const cell of this.input.cells) {
      const ground = cell.inPadding ? "var(--ground)" : "var(--pixel)";
      cell.light(places.has(`${cell.row},${cell.column}`), ground);
    }
    const { at, filled } = this.player;
    this.output?.cells.forEach((cell, i) => {
      cell.light(i === at, i < filled ? "var(--done)" : "var(--ground)");
      cell.write(i < filled ? brief(this.result.values[i]) : "");
    });
  }

  // Name the output for a screen reader.
  say(words) {
    this.output.svg.setAttribute("aria-label", words);
  }
}
