// What a widget tells Python, and a page nobody: the chosen unit, and the picture.

import { indices } from "../numbers.js";

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

  rows() {
    const {
      picture,
      shape: [, height, width],
    } = this.state;
    return indices(height).map((row) => Array.from(picture.slice(row * width, (row + 1) * width)));
  }

  tell(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }
}
