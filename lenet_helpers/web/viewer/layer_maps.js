// The values of one layer: its maps side by side, or a vector as a ribbon of cells.

import { make } from "../dom.js";
import { clamp, digits } from "../numbers.js";
import { Mosaic } from "./mosaic.js";
import { placeInWords } from "./shapes.js";

// Sides in pixels, about: of a value of a vector, of a map with many columns, of another map.
const CELL = 9;
const LARGE = 56;
const SMALL = 40;

// A layer as pictures for a mosaic: its maps, or single values.
function picturesOf({ shape }) {
  const [maps, height, width] = shape.length < 3 ? [1, 1, ...shape] : shape;
  const isVector = height === 1 && (width === 1 || maps === 1);
  if (isVector) return { shape: [maps * width, 1, 1], scale: CELL };
  return {
    shape: [maps, height, width],
    scale: Math.max(1, Math.floor((width > 20 ? LARGE : SMALL) / width)),
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
      onkeydown: (event) => this.pressed(event),
    });
    this.range = make("span");
    this.block = make(
      "div",
      { class: "layer" },
      make("h4", {}, `${name} · ${layer.shape.join("×")} `, this.range),
      this.canvas,
    );
  }

  // Lay the maps out anew for `space` pixels of width.
  fit(space) {
    this.mosaic = Mosaic.fitting(this.pictures.shape, this.pictures.scale, space);
  }

  draw(colour) {
    const { state, n, at, canvas, layer, mosaic } = this;
    const values = state.values[n][at + 1];
    const { low, high } = mosaic.paint(canvas, values);
    const chosen = state.chosenIn(n, at);
    if (chosen === null) {
      const range = `${digits(low, 2)} (black) to ${digits(high, 2)} (white)`;
      this.tell("faint", range, "Arrow keys choose a unit.");
      return;
    }
    const place = placeInWords(layer.shape, chosen);
    mosaic.frame(canvas, chosen, colour);
    this.tell("chosen", `${place}: ${digits(values[chosen], 4)}`, `Chosen: ${place}.`);
  }

  // The chosen unit is told beside its maps too: in a narrow frame the sum stands far below.
  tell(tone, words, spoken) {
    const label = `${this.label} ${spoken}`;
    const { canvas, range } = this;
    range.className = tone;
    range.textContent = words;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  clicked(event) {
    const box = this.canvas.getBoundingClientRect();
    const zoom = this.canvas.width / box.width;
    const [down, across] = [event.clientY - box.top, event.clientX - box.left];
    const index = this.mosaic.valueAt(down * zoom, across * zoom);
    if (index !== null) this.actions.choose(this.n, this.at, index);
  }

  pressed(event) {
    const [count, height, width] = this.pictures.shape;
    const map = height * width;
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -width,
      ArrowDown: width,
      PageUp: -map,
      PageDown: map,
    }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const chosen = this.state.chosenIn(this.n, this.at);
    const next = chosen === null ? 0 : clamp(chosen + step, 0, count * map - 1);
    this.actions.choose(this.n, this.at, next);
  }
}
