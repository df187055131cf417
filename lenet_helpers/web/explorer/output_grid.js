// The output, as far as it has been worked out: any cell of it can be chosen.

import { make } from "../dom.js";
import { brief } from "../numbers.js";
import { endsOf } from "../viewer/colours.js";
import { Legend } from "../viewer/legend.js";
import { frameWithHalo } from "./halo.js";
import { Grid } from "./grid.js";
import { Company } from "./motion.js";
import { PixelLegend } from "./pixel_legend.js";
import { pixelTone, signedTones } from "./tones.js";

export class OutputGrid {
  constructor(player) {
    this.player = player;
    this.grid = new Grid();
    const { svg, overlay } = this.grid;
    this.frame = new Company(overlay, frameWithHalo);
    this.legends = { signed: new Legend(true), pixels: new PixelLegend() };
    this.caption = make("figcaption");
    this.figure = make(
      "figure",
      { class: "output" },
      this.caption,
      svg,
      this.legends.signed.element,
      this.legends.pixels.element,
    );
    svg.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse") this.pointed(event);
    });
    svg.addEventListener("click", (event) => this.pointed(event));
    svg.addEventListener("keydown", (event) => this.pressed(event));
  }

  arrange({ kind }, result, side, moves) {
    const { rows, columns, values } = result;
    const isSigned = kind === "conv";
    this.result = result;
    this.isThere = rows > 0;
    this.filled = 0; // how many cells are painted
    this.moves = moves; // at the next show()
    this.grid.arrange([rows, columns], [0, 0], side, moves);
    this.caption.textContent = rows ? `output ${rows}×${columns}` : "no output";
    const ends = endsOf(values, true);
    this.toneOf = isSigned ? signedTones(ends) : pixelTone;
    this.legends.signed.draw(ends);
    this.legends.signed.element.hidden = !isSigned || !rows;
    this.legends.pixels.element.hidden = isSigned || !rows;
    if (rows) this.grid.svg.setAttribute("tabindex", 0);
    else this.grid.svg.removeAttribute("tabindex");
    this.grid.svg.setAttribute("aria-label", "No output.");
  }

  // Show the values that have been worked out, and where the player is.
  show() {
    const { grid, player, filled } = this;
    const { at } = player;
    const count = Math.min(player.filled, grid.cells.length);
    for (let i = Math.min(filled, count); i < Math.max(filled, count); i++) {
      const value = this.result.values[i];
      grid.cells[i].write(i < count ? brief(value) : "");
      grid.cells[i].paint(i < count ? this.toneOf(value) : null);
    }
    this.filled = count;
    const { columns } = this.result;
    const { side } = grid;
    const [x, y] = [(at % columns) * side, Math.floor(at / columns) * side];
    const transform = `translate(${x}px, ${y}px) scale(${side})`;
    this.frame.go(grid.cells.length ? [transform] : [], this.moves);
    this.moves = false;
  }

  pointed({ target }) {
    const i = this.grid.cells.findIndex(({ rect }) => rect === target);
    if (i >= 0) this.player.jump(i);
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

  // Name the output for a screen reader.
  say(words) {
    this.grid.svg.setAttribute("aria-label", words);
  }
}
