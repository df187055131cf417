// One unit, spelled out: its sum in words and in tables, and the kernels behind it.

import { make } from "../dom.js";
import { kernelFigures } from "./kernels.js";
import { kindOf } from "./kinds.js";
import { explain } from "./network.js";
import { productTables } from "./tables.js";
import { UnitChooser } from "./unit_chooser.js";

export class UnitPanel {
  constructor(state, play, actions) {
    Object.assign(this, { state, play, chooser: new UnitChooser(state, actions), drawn: [] });
    this.total = make("p", { class: "total", "aria-live": "polite" });
    this.rule = make("p", { class: "faint" });
    this.sum = make("div", {
      class: "sum",
      tabindex: 0,
      role: "region",
      "aria-label": "The sum of the chosen unit",
    });
    this.kernels = make("div", { class: "grids kernels" });
    this.element = make(
      "fieldset",
      { class: "unit" },
      make("legend", {}, "One unit, spelled out"),
      this.chooser.element,
      this.total,
      this.rule,
      this.sum,
      this.kernels,
    );
  }

  draw(colour) {
    const { net, layer, unit, place, values } = this.state;
    const told = explain(net, values[unit.net], unit.at, unit.index);
    const who = `${layer.name} ${layer.kind}, ${this.state.placeInWords(unit.net, unit.at, unit.index)}: `;
    this.chooser.draw();
    this.total.setAttribute("aria-live", this.play.isMoving ? "off" : "polite");
    this.total.replaceChildren(make("strong", {}, who), kindOf(layer).words(told));
    this.rule.textContent = layer.formula;
    this.sum.replaceChildren(...productTables(layer, told));
    this.sum.hidden = !this.sum.childElementCount;
    this.drawKernels(layer, place[0], colour);
  }

  // They do not change with the picture.
  drawKernels(...what) {
    if (what.every((part, i) => part === this.drawn[i])) return;
    this.drawn = what;
    this.kernels.replaceChildren(...kernelFigures(...what));
  }
}
