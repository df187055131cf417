// One map, large, in a panel beside its column: always that of the chosen unit.

import { make } from "../dom.js";
import { clamp, digits } from "../numbers.js";
import { hidePanel, putBeside } from "./beside.js";
import { endsOf } from "./colours.js";
import { Legend } from "./legend.js";
import { Mosaic } from "./mosaic.js";
import { unitAfter } from "./moving.js";
import { area, hasMaps, placeInWords } from "./shapes.js";

// In pixels: the map at most, 14 for each value of 28 by 28; a value at most.
const MAP_SIDE = 392;
const VALUE_SIDE = 48;

export class Enlarged {
  constructor(state, actions) {
    Object.assign(this, { state, actions, opener: null });
    const button = (name, label, onclick) =>
      make("button", { type: "button", "aria-label": label, title: label, onclick }, name);
    this.title = make("strong");
    this.canvas = make("canvas", {
      tabindex: 0,
      role: "img",
      onclick: (event) => this.pointed(event, (index) => this.choose(index)),
      onpointermove: (event) => this.pointed(event, (index) => this.tell(index)),
      onpointerleave: () => this.tell(state.unit.index),
      onkeydown: (event) => this.pressed(event),
    });
    this.told = make("p");
    this.legend = make("div");
    this.element = make(
      "div",
      { class: "panel enlarged", role: "dialog", hidden: true },
      make(
        "div",
        { class: "top" },
        this.title,
        button("‹", "Previous map", () => this.turn(-1)),
        button("›", "Next map", () => this.turn(1)),
        button("✕", "Close", () => this.close()),
      ),
      this.canvas,
      this.legend,
      this.told,
    );
  }

  get isOpen() {
    return !this.element.hidden;
  }

  // `opener` is what the focus returns to. The panel is drawn, placed and focused by whoever opens it.
  open(opener) {
    this.opener = opener;
    this.element.hidden = false;
  }

  close() {
    this.hide();
    this.opener.focus();
  }

  hide() {
    hidePanel(this.element, this.element.parentElement);
  }

  focus() {
    this.canvas.focus();
  }

  // Beside the column of the chosen unit.
  place(column) {
    if (this.isOpen) putBeside(this.element, column, this.element.parentElement, "right");
  }

  draw(colour) {
    if (this.isOpen && !hasMaps(this.state.layer.shape)) this.hide(); // the unit is elsewhere now
    if (!this.isOpen) return;
    const { state, canvas } = this;
    const { layer, unit, place } = state;
    const [, height, width] = layer.shape;
    const values = state.values[unit.net][unit.at + 1];
    this.first = place[0] * height * width; // the index of the map's first value
    const own = values.subarray(this.first, this.first + height * width);
    const ends = endsOf(state.isOwnScale ? own : values, layer.isSigned);
    const scale = clamp(Math.floor(MAP_SIDE / Math.max(height, width)), 1, VALUE_SIDE);
    this.mosaic = new Mosaic([1, height, width], scale, 1);
    this.mosaic.paint(canvas, own, layer.isSigned, ends);
    const empty = state.emptyIn(unit.net, unit.at) ?? [0, 0];
    const within = empty.map((index) => index - this.first);
    this.mosaic.empty(canvas, within);
    this.mosaic.frame(canvas, { index: unit.index - this.first }, colour);
    const legend = new Legend(layer.isSigned);
    legend.draw(ends);
    this.legend.replaceChildren(legend.element);
    this.name();
    this.tell(unit.index);
  }

  name() {
    const { net, layer, unit, place, nets } = this.state;
    const [maps, height, width] = layer.shape;
    const who = nets.length > 1 ? `${net.name}, ` : "";
    const title = `${who}${layer.name} ${layer.kind}: map ${place[0]} of ${maps}`;
    const chosen = placeInWords(layer.shape, unit.index);
    const label = `${title}, ${height} by ${width} values. Chosen: ${chosen}. Escape closes.`;
    this.title.textContent = title;
    this.element.setAttribute("aria-label", `${title}, enlarged`);
    this.canvas.setAttribute("aria-label", label);
  }

  // Where a unit is, and its value.
  tell(index) {
    const { unit, values, layer } = this.state;
    const value = digits(values[unit.net][unit.at + 1][index], 4);
    this.told.textContent = `${placeInWords(layer.shape, index)}: ${value}`;
  }

  pointed(event, what) {
    const index = this.mosaic.valueUnder(event);
    if (index !== null) what(this.first + index);
  }

  pressed(event) {
    const { layer, unit } = this.state;
    const next = unitAfter(event.key, layer.shape, unit.index);
    if (next === null) return;
    event.preventDefault();
    this.choose(next);
  }

  // The same place in a map beside; the first follows the last.
  turn(by) {
    const { layer, unit } = this.state;
    const [, height, width] = layer.shape;
    const all = area(layer.shape);
    this.choose((unit.index + by * height * width + all) % all);
  }

  choose(index) {
    const { net, at } = this.state.unit;
    this.actions.choose(net, at, index);
  }
}
