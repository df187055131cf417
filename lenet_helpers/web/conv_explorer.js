// A convolution or a pooling, cell by cell: where the kernel lies, what it adds up, what it leaves
// out.
//
// render({model, el}) is the contract of anywidget; model.get("settings") is what conv_explorer.py
// packed. A widget tells Python the settings and the cell, a page nobody.

import { make } from "./dom.js";
import { brief } from "./numbers.js";
import { Controls } from "./explorer/controls.js";
import { Grids } from "./explorer/grids.js";
import { OPERATIONS, compute, tapsOf } from "./explorer/operations.js";
import { Player } from "./explorer/player.js";
import { windowsOf } from "./explorer/settings.js";
import { STYLE } from "./explorer/style.js";
import { formulas, remarks } from "./explorer/words.js";

class Explorer {
  constructor(model) {
    this.model = model;
    this.settings = structuredClone(model.get("settings"));
    this.controls = new Controls(this.settings, () => this.changed());
    this.player = new Player(() => this.moved());
    this.grids = new Grids(this.player);
    this.formulas = make("div", { class: "formula", "aria-live": "polite" });
    this.remarks = make("div", { "aria-live": "polite" });
    this.sum = make("p", { class: "sum", "aria-live": "polite" });
    this.root = make(
      "div",
      { class: "ce" },
      this.controls.top,
      this.controls.pairs,
      this.formulas,
      this.remarks,
      this.player.row,
      this.sum,
      this.grids.element,
    );
    this.width = 0;
  }

  // The root is in the page: measure it, now and when its width changes.
  start() {
    new ResizeObserver(() => this.resized()).observe(this.root);
    this.changed();
  }

  resized() {
    const { clientWidth } = this.root;
    if (Math.abs(clientWidth - this.width) <= 30) return;
    this.width = clientWidth;
    this.changed();
  }

  changed() {
    const { settings } = this;
    if (settings.kind === "avg") settings.dilation = [1, 1]; // PyTorch's average pooling has none
    this.controls.show();
    this.windows = windowsOf(settings);
    this.result = compute(settings);
    this.formulas.replaceChildren(...formulas(this.windows).map((text) => make("p", {}, text)));
    this.remarks.replaceChildren(
      ...remarks(settings, this.windows).map(({ text, tone }) => make("p", { class: tone }, text)),
    );
    this.grids.restart(settings, this.windows, this.result, this.root.clientWidth || 600);
    this.model.set("settings", structuredClone(settings));
    this.player.restart(this.result.values.length);
  }

  moved() {
    const { columns, values } = this.result;
    const { at, count } = this.player;
    const row = Math.floor(at / columns);
    const column = at % columns;
    this.model.set("cell", count ? [row, column] : null);
    this.model.save_changes();
    const taps = count ? tapsOf(this.settings, this.windows, row, column) : [];
    this.grids.show(taps);
    this.sum.textContent = count ? this.spellOut(row, column, taps) : "";
    if (!count) return;
    const value = brief(values[at]);
    this.player.say(`row ${row}, column ${column}: ${value}`);
    this.grids.say(`Output. Row ${row}, column ${column} is ${value}. Arrow keys choose a cell.`);
  }

  spellOut(row, column, taps) {
    const { value, words } = OPERATIONS[this.settings.kind];
    return `output row ${row}, column ${column}: ${words(taps)} = ${brief(value(taps))}`;
  }
}

export function render({ model, el }) {
  const explorer = new Explorer(model);
  el.append(make("style", {}, STYLE), explorer.root);
  explorer.start();
}
