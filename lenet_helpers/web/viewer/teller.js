// What a widget tells Python, and a page nobody: the chosen unit, and the picture.

import { indices } from "../numbers.js";
import { planesOf } from "./picture.js";

const REST = 150; // milliseconds: a stroke has many moves, and the picture is told once it rests

export class Teller {
  constructor(model, state) {
    Object.assign(this, { model, state, timer: null });
  }

  unit() {
    const { net, layer, place } = this.state;
    this.tell("unit", { network: net.name, layer: layer.name, place });
  }

  picture() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("picture", this.rows()), REST);
  }

  // The picture as rows of numbers; in colour as three of these.
  rows() {
    const { picture, shape } = this.state;
    const [channels, height, width] = shape;
    const rowsOf = (plane) =>
      indices(height).map((row) => Array.from(plane.subarray(row * width, (row + 1) * width)));
    const planes = planesOf(picture, shape).map(rowsOf);
    return channels === 1 ? planes[0] : planes;
  }

  tell(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }
}
