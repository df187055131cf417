// Choosing a unit by its network, its layer and the numbers of its place.

import { make } from "../dom.js";
import { clamp } from "../numbers.js";
import { axesOf, indexOf } from "./shapes.js";

const optionsOf = (names) => names.map((name, i) => make("option", { value: i }, name));

export class UnitChooser {
  constructor(state, actions) {
    Object.assign(this, { state, actions, listed: null });
    this.net = make(
      "select",
      {
        "aria-label": "network",
        onchange: () => actions.choose(Number(this.net.value), state.unit.at),
      },
      ...optionsOf(state.nets.map((net) => net.name)),
    );
    this.layer = make("select", {
      "aria-label": "layer",
      onchange: () => actions.choose(state.unit.net, Number(this.layer.value)),
    });
    this.numbers = [0, 1, 2].map((axis) => this.number(axis));
    this.element = make(
      "div",
      { class: "chooser" },
      ...(state.nets.length > 1 ? [make("label", {}, "network ", this.net)] : []),
      make("label", {}, "layer ", this.layer),
      " ",
      ...this.numbers.map(({ label }) => label),
    );
  }

  number(axis) {
    const input = make("input", {
      type: "number",
      min: 0,
      value: 0,
      onchange: () => this.typed(axis),
    });
    const name = make("span");
    return { input, name, label: make("label", {}, name, input) };
  }

  typed(axis) {
    const { unit, layer, place } = this.state;
    const wanted = Number(this.numbers[axis].input.value);
    place[axis] = clamp(Number.isFinite(wanted) ? Math.round(wanted) : 0, 0, layer.shape[axis] - 1);
    this.actions.choose(unit.net, unit.at, indexOf(layer.shape, place));
  }

  // Show the unit that is chosen now.
  draw() {
    const { unit, net, layer, place } = this.state;
    const names = axesOf(layer.shape);
    if (this.listed !== net) {
      this.layer.replaceChildren(...optionsOf(net.layers.map((l) => `${l.name} ${l.kind}`)));
    }
    this.listed = net;
    this.net.value = unit.net;
    this.layer.value = unit.at;
    this.numbers.forEach(({ input, name, label }, axis) => {
      label.hidden = axis >= place.length;
      if (label.hidden) return;
      name.textContent = `${names[axis]} `;
      input.setAttribute("aria-label", names[axis]);
      input.max = layer.shape[axis] - 1;
      if (document.activeElement !== input) input.value = place[axis];
    });
  }
}
