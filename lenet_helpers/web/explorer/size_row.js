// One size: a slider for both sides, which go together, or a slider for each.

import { make } from "../dom.js";
import { clamp } from "../numbers.js";
import { SIDES, rangeOf } from "./settings.js";

// Changes `settings[name]` in place and calls `changed`.
export class SizeRow {
  constructor(name, settings, changed) {
    Object.assign(this, { name, settings, changed });
    this.both = this.slider(name, 0, (value) => this.setBoth(value));
    this.each = SIDES.map((side, axis) =>
      this.slider(`${name}, ${side}`, axis, (value) => {
        settings[name][axis] = value;
      }),
    );
    this.element = make(
      "div",
      { class: "size" },
      make("span", { "aria-hidden": "true" }, name),
      ...[this.both, ...this.each].map(({ row }) => row),
    );
  }

  slider(label, axis, set) {
    const [min, max] = rangeOf(this.name, axis);
    const input = make("input", {
      type: "range",
      min,
      max,
      "aria-label": label,
      oninput: () => {
        set(Number(input.value));
        this.changed();
      },
    });
    const value = make("output");
    return { input, value, row: make("label", {}, input, value) };
  }

  // Height and width change by the same: 5×6 becomes 6×7.
  setBoth(height) {
    const sides = this.settings[this.name];
    const more = height - sides[0];
    sides.forEach((side, axis) => {
      sides[axis] = clamp(side + more, ...rangeOf(this.name, axis));
    });
  }

  // Show the size as it is now.
  show(isApart, isDisabled) {
    const sides = this.settings[this.name];
    const inOne = sides[0] === sides[1] ? String(sides[0]) : sides.join("×");
    const told = [inOne, ...sides.map((side, axis) => `${SIDES[axis][0]} ${side}`)];
    [this.both, ...this.each].forEach(({ input, value, row }, i) => {
      row.hidden = isApart === (i === 0);
      input.value = sides[Math.max(i - 1, 0)];
      input.disabled = isDisabled;
      if (i === 0) input.setAttribute("aria-valuetext", sides.join(" by "));
      value.textContent = told[i];
    });
  }
}
