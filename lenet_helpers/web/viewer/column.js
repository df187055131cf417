// One network: its answer, and the maps of its layers, which scroll by themselves.

import { make } from "../dom.js";
import { Bars } from "./bars.js";
import { LayerMaps } from "./layer_maps.js";
import { logitsOf } from "./network.js";

export class Column {
  constructor(state, n, actions) {
    const net = state.nets[n];
    Object.assign(this, { state, n, net });
    this.bars = new Bars(state.classes);
    this.layers = net.layers.map((_, at) => new LayerMaps(state, n, at, actions));
    this.maps = make(
      "div",
      { class: "maps", onscroll: () => actions.scroll(this) },
      ...this.layers.map((layer) => layer.block),
    );
    this.element = make(
      "section",
      { "aria-label": net.name },
      make("h3", {}, net.name),
      this.bars.element,
      this.maps,
    );
  }

  // The width has changed: measuring it at every redraw would be slow.
  fit() {
    for (const layer of this.layers) layer.fit(this.maps.clientWidth - 8);
  }

  draw(colour) {
    this.bars.draw(logitsOf(this.net, this.state.values[this.n]));
    this.drawMaps(colour);
  }

  drawMaps(colour) {
    for (const layer of this.layers) layer.draw(colour);
  }

  bringIntoSight(at) {
    const { maps } = this;
    const { block } = this.layers[at];
    const end = block.offsetTop + block.offsetHeight;
    const isInSight =
      block.offsetTop >= maps.scrollTop && end <= maps.scrollTop + maps.clientHeight;
    if (!isInSight) maps.scrollTop = block.offsetTop;
  }

  get lowest() {
    return this.maps.scrollHeight - this.maps.clientHeight;
  }

  // Show the same layers as the column that was scrolled; where that one has ended, this longer one
  // may have gone on.
  follow(scrolled) {
    const top = scrolled.maps.scrollTop;
    const hasEnded = top >= scrolled.lowest - 1;
    if (hasEnded && this.maps.scrollTop > top) return;
    if (Math.abs(this.maps.scrollTop - Math.min(top, this.lowest)) > 1) this.maps.scrollTop = top;
  }
}
