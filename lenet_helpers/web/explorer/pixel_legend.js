// What the colours of the pixels say, in numbers.

import { make } from "../dom.js";
import { MOST } from "./pictures.js";
import { pixelGradients } from "./tones.js";

export class PixelLegend {
  constructor() {
    const strip = make("div", { class: "strip pixels", "aria-hidden": "true" });
    for (const [theme, gradient] of Object.entries(pixelGradients)) {
      strip.style.setProperty(`--${theme}`, gradient);
    }
    const numbers = make("div", {}, make("span", {}, "0"), make("span", {}, MOST));
    this.element = make("div", { class: "legend" }, strip, numbers);
  }
}
