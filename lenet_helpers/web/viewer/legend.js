// What the colours of a layer say, in numbers.

import { make } from "../dom.js";
import { digits } from "../numbers.js";
import { gradientOf } from "./colours.js";

export class Legend {
  constructor(isSigned, background = gradientOf(isSigned)) {
    this.isSigned = isSigned;
    this.low = make("span");
    this.middle = make("span");
    this.high = make("span");
    const strip = make("div", { class: "strip", "aria-hidden": "true" });
    strip.style.background = background;
    this.element = make(
      "div",
      { class: "legend" },
      strip,
      make("div", {}, this.low, this.middle, this.high),
    );
  }

  // `ends` are those of the layer; null where each map has its own.
  draw(ends) {
    const written = ends && (ends.high < 1 ? 2 : ends.high < 10 ? 1 : 0);
    this.low.textContent = ends ? digits(ends.low, written) : this.isSigned ? "−most" : "0";
    this.middle.textContent = this.isSigned ? "0" : "";
    this.high.textContent = ends ? digits(ends.high, written) : "most";
  }
}
