// A column of the flow: one of its layers at a time.

import { make } from "../dom.js";
import { aboutOf } from "./about.js";
import { LayerMaps } from "./layer_maps.js";
import { hasMaps } from "./shapes.js";
import { shownFirst } from "./stages.js";

const LEAST = 72; // pixels: the width of a column in the flow, for the scale below its maps

export class Stage {
  constructor(state, n, stage, actions) {
    const net = state.nets[n];
    Object.assign(this, { net, stage, actions, shown: shownFirst(net, stage) });
    this.layers = new Map(stage.map((at) => [at, new LayerMaps(state, n, at, actions)]));
    this.size = make("span", { class: "faint" });
    this.enlarge = this.enlarger(n);
    this.head = make("div", { class: "head" }, this.chooser(), this.size, this.enlarge);
    this.element = make(
      "div",
      { class: "stage" },
      this.head,
      ...[...this.layers.values()].map((layer) => layer.block),
    );
    this.show(this.shown);
  }

  // A name, or the choice where the column has several layers.
  chooser() {
    const { stage, net } = this;
    const kinds = stage.map((at) => net.layers[at].kind);
    if (stage.length === 1) return make("h4", {}, kinds[0]);
    this.select = make(
      "select",
      {
        "aria-label": `${net.name}, shown of ${kinds.join(", ")}`,
        onchange: () => {
          this.show(Number(this.select.value));
          this.actions.refresh();
        },
      },
      ...stage.map((at, i) => make("option", { value: at }, kinds[i])),
    );
    return this.select;
  }

  // Of maps the size is a button.
  enlarger(n) {
    const onclick = () => this.actions.enlarge(n, this.shown, this.enlarge);
    return make("button", { type: "button", class: "enlarge", onclick });
  }

  show(at) {
    this.shown = at;
    for (const [i, layer] of this.layers) layer.block.hidden = i !== at;
    if (this.select) this.select.value = at;
    this.head.firstChild.title = aboutOf(this.net.layers[at]);
    const { shape, name, kind } = this.net.layers[at];
    const size = shape.join("×");
    const label = `${size} ⤢ Enlarge a map of ${name} ${kind}`;
    this.size.textContent = size;
    this.size.hidden = hasMaps(shape);
    this.enlarge.textContent = `${size} ⤢`;
    this.enlarge.hidden = !hasMaps(shape);
    this.enlarge.setAttribute("aria-label", label);
    this.enlarge.title = `Enlarge a map of ${name} ${kind}`;
  }

  // In the flow, where the words of the head stand one below the other.
  get leastWidth() {
    return Math.max(LEAST, ...[...this.head.children].map((words) => words.offsetWidth));
  }

  get layer() {
    return this.layers.get(this.shown);
  }

  // What the layers are drawn as; all of them have the same number of values.
  get pictures() {
    return this.layer.pictures;
  }

  fit(mosaic) {
    for (const layer of this.layers.values()) layer.fit(mosaic);
  }

  draw(colour) {
    for (const layer of this.layers.values()) {
      if (layer === this.layer) layer.draw(colour);
      else layer.leave();
    }
  }
}
