// One network: its answer, and its layers as columns from left to right, or one below the other.

import { make } from "../dom.js";
import { Bars } from "./bars.js";
import { mosaicsFor } from "./fitting.js";
import { logitsOf } from "./network.js";
import { Stage } from "./stage.js";
import { stagesOf } from "./stages.js";

// In pixels: the height of the maps in the flow, together for all networks, and the least of each;
// what stands above all networks, and around the maps of each; between two columns.
const HEIGHT = 440;
const LEAST_HEIGHT = 150;
const ABOVE = 36;
const AROUND = 90;
const BETWEEN = 10;

export class Column {
  constructor(state, n, actions) {
    const net = state.nets[n];
    Object.assign(this, { state, n, net });
    this.bars = new Bars(state.classes);
    this.stages = stagesOf(net).map((stage) => new Stage(state, n, stage, actions));
    this.maps = make(
      "div",
      { class: "maps", onscroll: () => actions.scroll(this) },
      ...this.stages.map((stage) => stage.element),
    );
    this.element = make(
      "section",
      { "aria-label": net.name },
      ...(state.nets.length > 1 ? [make("h3", {}, net.name)] : []),
      this.bars.element,
      this.maps,
    );
  }

  // The width has changed: measuring it at every redraw would be slow.
  fit(isFlow) {
    const width = this.maps.clientWidth - 8;
    if (!isFlow) {
      for (const stage of this.stages) stage.fit(stage.layer.stacked(width));
      return;
    }
    const height = this.heightOfMaps();
    const room = width - BETWEEN * (this.stages.length - 1);
    const pictures = this.stages.map((stage) => ({ ...stage.pictures, least: stage.leastWidth }));
    mosaicsFor(pictures, room, height).forEach((mosaic, i) => this.stages[i].fit(mosaic));
  }

  // Less than usual where the page says that it has little room: a slide.
  heightOfMaps() {
    const shown = parseFloat(getComputedStyle(this.maps).getPropertyValue("--room")) || Infinity;
    const nets = this.state.nets.length;
    const left = (shown - ABOVE) / nets - AROUND;
    return Math.round(Math.max(LEAST_HEIGHT, Math.min(HEIGHT / nets, left)));
  }

  draw(colour) {
    this.bars.draw(logitsOf(this.net, this.state.values[this.n]));
    this.drawMaps(colour);
  }

  drawMaps(colour) {
    for (const stage of this.stages) stage.draw(colour);
  }

  // The rectangles in the window that the chosen unit depends on, column by column, and its own.
  coneSteps() {
    const { at, index } = this.state.unit;
    const steps = this.stages.map(({ shown, layer }) => {
      const isOwn = shown === at;
      return layer.inWindow(isOwn ? [{ index }] : this.state.marksIn(this.n, shown).before);
    });
    return steps.filter((rectangles) => rectangles.length);
  }

  stageOf(at) {
    return this.stages.find(({ layers }) => layers.has(at));
  }

  bringIntoSight(at) {
    const { maps } = this;
    const { element } = this.stageOf(at);
    const end = element.offsetTop + element.offsetHeight;
    const isInSight =
      element.offsetTop >= maps.scrollTop && end <= maps.scrollTop + maps.clientHeight;
    if (!isInSight) maps.scrollTop = element.offsetTop;
    const right = element.offsetLeft + element.offsetWidth;
    if (element.offsetLeft < maps.scrollLeft || right > maps.scrollLeft + maps.clientWidth) {
      maps.scrollLeft = element.offsetLeft;
    }
  }

  // Where the maps scroll by themselves, a low page may show only the first of them.
  putFirst(at) {
    this.maps.scrollTop = this.stageOf(at).element.offsetTop;
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
