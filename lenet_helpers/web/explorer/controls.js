// The choices: the operation, a preset, and two sliders for every size.

import { make } from "../dom.js";
import { OPERATIONS } from "./operations.js";
import { PRESETS, RANGES, SIDES } from "./settings.js";

const SIZES = ["input", "kernel", "stride", "padding", "dilation"];

// Changes `settings` in place and calls `changed`.
export class Controls {
  constructor(settings, changed) {
    Object.assign(this, { settings, changed });
    this.kind = make(
      "select",
      { onchange: () => this.choose({ kind: this.kind.value }) },
      ...Object.entries(OPERATIONS).map(([key, { name }]) => make("option", { value: key }, name)),
    );
    this.preset = make(
      "select",
      { onchange: () => this.choose(PRESETS[this.preset.value]) },
      make("option", { value: "" }, "your own sizes"),
      ...Object.keys(PRESETS).map((name) => make("option", { value: name }, name)),
    );
    this.sliders = SIZES.flatMap((name) => SIDES.map((_, axis) => this.slider(name, axis)));
    this.top = make(
      "div",
      { class: "row" },
      make("label", {}, "operation ", this.kind),
      make("label", {}, "preset ", this.preset),
      make("span", { class: "faint" }, "In each pair: height, then width."),
    );
    this.pairs = make("div", { class: "controls" }, ...SIZES.map((name) => this.pair(name)));
  }

  slider(name, axis) {
    const side = SIDES[axis];
    const [min, max] = RANGES[name === "input" ? side : name];
    const value = make("output");
    const input = make("input", {
      type: "range",
      min,
      max,
      "aria-label": `${name}, ${side}`,
      oninput: () => {
        this.preset.value = "";
        this.settings[name][axis] = Number(input.value);
        this.changed();
      },
    });
    return { name, axis, input, value };
  }

  pair(name) {
    const mine = this.sliders.filter((slider) => slider.name === name);
    return make(
      "div",
      { class: "pair", role: "group", "aria-label": name },
      make("span", {}, name),
      ...mine.map(({ axis, input, value }) => make("label", { title: SIDES[axis] }, input, value)),
    );
  }

  choose(settings) {
    if (!settings) return; // "your own sizes"
    Object.assign(this.settings, structuredClone(settings));
    this.changed();
  }

  // Show the settings as they are now.
  show() {
    const { kind } = this.settings;
    for (const { name, axis, input, value } of this.sliders) {
      input.value = this.settings[name][axis];
      value.textContent = this.settings[name][axis];
      input.disabled = kind === "avg" && name === "dilation";
    }
    this.kind.value = kind;
  }
}
