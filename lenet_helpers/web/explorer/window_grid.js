// What lies under the window: the kernel's numbers, and the pixels that they are multiplied with.

import { make } from "../dom.js";
import { brief, minus } from "../numbers.js";
import { endsOf } from "../viewer/colours.js";
import { Grid } from "./grid.js";
import { pixelTone, signedTones } from "./tones.js";

const LARGE = 46; // pixels of a cell

export class WindowGrid {
  constructor() {
    this.grid = new Grid();
    this.caption = make("figcaption");
    this.words = make("p", { class: "faint" });
    this.figure = make("figure", { class: "window" }, this.caption, this.grid.svg, this.words);
  }

  // The room that it takes, in pixels.
  static widthOf({ kernel }) {
    return Math.max(kernel[1] * LARGE + 4, 130);
  }

  arrange({ kernel, kind }, moves) {
    this.hasWeights = kind === "conv";
    this.grid.arrange(kernel, [0, 0], LARGE, moves, this.hasWeights ? 2 : 1);
    const name = this.hasWeights ? "kernel" : "window";
    this.caption.textContent = `${name} ${kernel.join("×")}`;
    this.words.textContent = this.hasWeights ? "weight · pixel under it" : "";
    this.grid.svg.setAttribute("aria-label", `${name} of ${kernel.join(" by ")}.`);
  }

  // Show the taps of a place; the pixels only if the window `fits`.
  show(taps, fits) {
    const weights = taps.map((tap) => tap.weight);
    const tones = signedTones(endsOf(weights, true));
    this.grid.cells.forEach((cell, i) => {
      const { weight, value } = taps[i];
      if (this.hasWeights) cell.write(minus(weight), fits ? `· ${brief(value)}` : "");
      else cell.write(fits ? brief(value) : "");
      if (this.hasWeights) cell.paint(tones(weight));
      else cell.paint(fits && value >= 0 ? pixelTone(value) : null);
    });
  }
}
