// A convolution or a pooling, cell by cell: where the kernel lies, what it adds up, what it leaves
// out.
//
// render({model, el}) is the contract of anywidget; model.get("settings") is what explorer.py
// packed. A widget tells Python the settings and the cell, a page nobody.

import { make } from "./dom.js";
import { brief } from "./numbers.js";
import { Chips } from "./explorer/chips.js";
import { Controls } from "./explorer/controls.js";
import { PICTURES } from "./explorer/pictures.js";
import { OPERATIONS, compute, tapsOf } from "./explorer/operations.js";
import { Player } from "./explorer/player.js";
import { Scene } from "./explorer/scene.js";
import { windowsOf } from "./explorer/settings.js";
import { STYLE } from "./explorer/style.js";
import { formulas, remarks } from "./explorer/words.js";

const SLOW = 120; // milliseconds a cell: from here on there is time to see the window move

class Explorer {
  constructor(model) {
    this.model = model;
    this.settings = structuredClone(model.get("settings"));
    this.chips = new Chips(structuredClone(this.settings), (chosen) => this.choose(chosen));
    this.controls = new Controls(this.settings, () => this.changed());
    this.player = new Player(
      () => this.moved(),
      () => this.turned(),
    );
    this.scene = new Scene(this.player);
    this.root = this.layOut();
    this.cell = [0, 0];
  }

  // The picture first, then what is said about it, then what can be changed.
  layOut() {
    this.sum = make("p", { class: "sum", "aria-live": "polite" });
    this.formulas = make("div", { class: "formula", "aria-live": "polite" });
    this.remarks = make("div", { "aria-live": "polite" });
    const words = make("div", { class: "words" }, this.sum, this.formulas, this.remarks);
    return make(
      "div",
      { class: "ce" },
      this.chips.row,
      make(
        "div",
        { class: "parts" },
        this.scene.element,
        this.player.row,
        words,
        this.controls.element,
      ),
    );
  }

  // The root is in the page: measure it, now and when its width changes.
  start() {
    this.width = this.root.clientWidth;
    this.changed();
    new ResizeObserver(() => this.resized()).observe(this.root);
  }

  resized() {
    const { clientWidth } = this.root;
    if (clientWidth === this.width) return;
    this.width = clientWidth;
    this.scene.arrange(this.settings, this.windows, this.result, false);
    this.moved();
  }

  // Take the settings of a preset, and look where there is something to see.
  choose(chosen) {
    Object.assign(this.settings, chosen);
    const { look } = PICTURES[chosen.picture];
    this.cell = windowsOf(chosen).map(({ output }) => Math.floor(look * output));
    this.changed();
  }

  changed() {
    const { settings } = this;
    if (settings.kind === "avg") settings.dilation = [1, 1]; // PyTorch's average pooling has none
    this.controls.show();
    this.chips.show(settings);
    this.windows = windowsOf(settings);
    this.result = compute(settings);
    this.formulas.replaceChildren(...formulas(this.windows).map((text) => make("p", {}, text)));
    this.remarks.replaceChildren(
      ...remarks(settings, this.windows, this.chips.of(settings)?.note).map(({ text, tone }) =>
        make("p", { class: tone }, text),
      ),
    );
    this.scene.arrange(settings, this.windows, this.result);
    this.model.set("settings", structuredClone(settings));
    this.player.restart(this.result.values.length, this.result.columns, this.nearest());
  }

  // The index of the cell that was looked at, or of the last one in its row or column.
  nearest() {
    const { rows, columns } = this.result;
    const [row, column] = this.cell;
    return Math.min(row, rows - 1) * columns + Math.min(column, columns - 1);
  }

  turned() {
    const { isOn, pace } = this.player;
    this.scene.element.classList.toggle("fast", isOn && pace < SLOW);
    this.sum.setAttribute("aria-live", isOn ? "off" : "polite"); // nobody could follow it spoken
  }

  moved() {
    const { columns, values } = this.result;
    const { at, count } = this.player;
    const [row, column] = count ? [Math.floor(at / columns), at % columns] : [0, 0];
    if (count) this.cell = [row, column];
    this.model.set("cell", count ? this.cell : null);
    this.model.save_changes();
    const taps = tapsOf(this.settings, this.windows, row, column);
    this.scene.show(taps, row, column);
    this.sum.textContent = count ? this.spellOut(row, column, taps) : "";
    if (!count) return;
    const value = brief(values[at]);
    this.player.say(`row ${row}, column ${column}: ${value}`);
    this.scene.say(`Output. Row ${row}, column ${column} is ${value}. Arrow keys choose a cell.`);
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
