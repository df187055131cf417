// The values of one layer: its maps side by side, or a vector as a ribbon of cells.

import { make } from "../dom.js";
import { digits } from "../numbers.js";
import { endsOf } from "./colours.js";
import { Legend } from "./legend.js";
import { Mosaic } from "./mosaic.js";
import { unitAfter } from "./moving.js";

// Sides in pixels, about, where layers stand one below the other: of a value of a vector, of a map
// with many columns, of the same where all maps of the layer have room beside each other, of another
// map. And the largest side of a value in the flow: of a short vector,
// of another, of a map.
const CELL = 9;
const LARGE = 84;
const LARGER = 112;
const SMALL = 50;
const LARGEST = { few: 30, many: 16, map: 16 };

// A layer as pictures for a mosaic: its maps, or single values.
function picturesOf({ shape }) {
  const [maps, height, width] = shape.length < 3 ? [1, 1, ...shape] : shape;
  const isVector = height === 1 && (width === 1 || maps === 1);
  if (isVector) {
    const count = maps * width;
    const largest = count > 20 ? LARGEST.many : LARGEST.few;
    return { shape: [count, 1, 1], scale: CELL, gap: 1, largest };
  }
  return {
    shape: [maps, height, width],
    scale: Math.max(1, Math.floor((width > 20 ? LARGE : SMALL) / width)),
    gap: 3,
    largest: LARGEST.map,
  };
}

// Layer `at` of network `n`.
export class LayerMaps {
  constructor(state, n, at, actions) {
    const net = state.nets[n];
    const layer = net.layers[at];
    const name = `${layer.name} ${layer.kind}`;
    Object.assign(this, { state, n, at, actions, layer, pictures: picturesOf(layer) });
    this.label = `${name}, ${net.name}: ${layer.shape.join(" by ")} values.`;
    this.canvas = make("canvas", {
      tabindex: 0,
      role: "img",
      onclick: (event) => this.clicked(event),
      onpointermove: (event) => this.hovered(event),
      onpointerleave: () => actions.hover(""),
      onkeydown: (event) => this.pressed(event),
    });
    this.legend = new Legend(layer.isSigned);
    this.range = make("div");
    this.block = make("div", { class: "layer" }, this.canvas, this.legend.element, this.range);
  }

  // How the maps are laid out where `space` pixels of width are all for them.
  stacked(space) {
    const { shape, scale, gap } = this.pictures;
    const [count, , width] = shape;
    const inARow = new Mosaic(shape, Math.floor(LARGER / width), count, gap);
    if (scale * width > SMALL && inARow.width <= space) return inARow;
    return Mosaic.fitting(shape, scale, space, gap);
  }

  // A layer of other pictures than its column was fitted for, a flattened one, takes as much room.
  fit(mosaic) {
    const { shape, gap } = this.pictures;
    const isSame = shape.every((side, axis) => side === mosaic.shape[axis]);
    this.mosaic = isSame ? mosaic : Mosaic.filling(shape, mosaic, gap);
  }

  draw(colour) {
    const { state, n, at, canvas, layer, mosaic } = this;
    const values = state.values[n][at + 1];
    const ends = this.hasOwnScales ? null : endsOf(values, layer.isSigned);
    mosaic.paint(canvas, values, layer.isSigned, ends);
    this.legend.draw(ends);
    const empty = state.emptyIn(n, at);
    if (empty) mosaic.empty(canvas, empty);
    const { before, after } = state.marksIn(n, at);
    for (const mark of before) mosaic.frame(canvas, mark, colour);
    for (const mark of after) mosaic.frame(canvas, mark, colour, [3, 3]);
    const chosen = state.chosenIn(n, at);
    if (chosen === null) {
      this.leave();
      return;
    }
    const place = state.placeInWords(n, at, chosen);
    mosaic.frame(canvas, { index: chosen }, colour);
    this.tell("chosen", `${place}: ${digits(values[chosen], 4)}`, `Chosen: ${place}.`);
  }

  // Whether each picture has a scale of its own: not where it is a single value.
  get hasOwnScales() {
    const [, height, width] = this.pictures.shape;
    return this.state.isOwnScale && height * width > 1;
  }

  // Nothing is chosen here.
  leave() {
    this.tell("faint", "", "Arrow keys choose a unit.");
  }

  // The chosen unit is told beside its maps too: in a narrow frame the sum stands far below.
  tell(tone, words, spoken) {
    const label = `${this.label} ${spoken}`;
    const { canvas, range } = this;
    range.className = tone;
    range.textContent = words;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  // Where marks are in the window, as rectangles.
  inWindow(marks) {
    const box = this.canvas.getBoundingClientRect();
    const zoom = box.width / this.canvas.width;
    const inWindow = ([x, y, width, height]) => [
      box.left + x * zoom,
      box.top + y * zoom,
      width * zoom,
      height * zoom,
    ];
    return marks.flatMap((mark) => this.mosaic.rectanglesOf(mark)).map(inWindow);
  }

  // The first click chooses a unit, another one on it enlarges its map.
  clicked(event) {
    const index = this.mosaic.valueUnder(event);
    if (index === null) return;
    if (index === this.state.chosenIn(this.n, this.at)) this.enlarge();
    else this.actions.choose(this.n, this.at, index);
  }

  enlarge() {
    this.actions.enlarge(this.n, this.at, this.canvas);
  }

  hovered(event) {
    const { state, n, at, layer } = this;
    const index = this.mosaic.valueUnder(event);
    if (index === null) return;
    const value = digits(state.values[n][at + 1][index], 4);
    this.actions.hover(
      `${layer.name} ${layer.kind}, ${state.placeInWords(n, at, index)}: ${value}`,
    );
  }

  pressed(event) {
    const { n, at, state, actions } = this;
    const next = unitAfter(event.key, this.pictures.shape, state.chosenIn(n, at));
    if (next !== null) actions.choose(n, at, next);
    else if (event.key === "Enter") this.enlarge();
    else return;
    event.preventDefault();
  }
}
