// The presets as buttons in groups; the one that is shown is pressed.

import { make } from "../dom.js";
import { PRESETS } from "./presets.js";
import { areEqual } from "./settings.js";

// `start` are the settings that the page began with: a button of their own, where no preset has
// them. Calls `choose` with settings.
export class Chips {
  constructor(start, choose) {
    this.all = [];
    const groups = Object.entries(PRESETS).map(([group, presets]) => {
      const chips = Object.entries(presets).map(([name, preset]) =>
        this.chip(name, preset, choose, `${group} ${name}`.trim()),
      );
      return make(
        "div",
        { class: "group", role: "group", "aria-label": group || "small examples" },
        ...(group ? [make("span", { "aria-hidden": "true" }, group)] : []),
        ...chips,
      );
    });
    if (!this.of(start)) groups[0].prepend(this.chip("start", { settings: start }, choose));
    this.row = make("div", { class: "chips", role: "group", "aria-label": "presets" }, ...groups);
  }

  chip(name, preset, choose, label = name) {
    const button = make(
      "button",
      {
        type: "button",
        "aria-label": label,
        onclick: () => choose(structuredClone(preset.settings)),
      },
      name,
    );
    this.all.push({ button, preset });
    return button;
  }

  // The preset with these settings, if there is one.
  of(settings) {
    return this.all.find(({ preset }) => areEqual(preset.settings, settings))?.preset;
  }

  show(settings) {
    const shown = this.of(settings);
    for (const { button, preset } of this.all) {
      button.setAttribute("aria-pressed", preset === shown);
    }
  }
}
