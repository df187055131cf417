// The kernel on its way: the chosen map fills in, window by window. Where less motion is wanted it
// does not move by itself: each press fills in a row.

import { make } from "../dom.js";
import { wantsStill } from "../motion.js";

const PAUSE = 90; // milliseconds a window
const PRESSES = 10; // that a vector fills in with

export class Play {
  constructor(state, actions) {
    Object.assign(this, { state, actions, timer: null });
    this.button = make("button", { type: "button", class: "play", onclick: () => this.toggle() });
    this.draw();
  }

  get isOn() {
    return this.state.filling !== null;
  }

  // Whether it moves by itself now.
  get isMoving() {
    return this.timer !== null;
  }

  toggle() {
    if (!this.isOn) this.start();
    else if (this.isMoving) this.stop();
    else this.step(this.row);
  }

  // From the first window of the map.
  start() {
    const { unit, layer, place } = this.state;
    const each = layer.shape.length < 3 ? layer.shape[0] : layer.shape[1] * layer.shape[2];
    const first = (layer.shape.length < 3 ? 0 : place[0]) * each;
    const isStill = wantsStill();
    this.end = first + each;
    this.row = layer.shape.length < 3 ? Math.ceil(each / PRESSES) : layer.shape[2];
    this.state.filling = { ...unit, end: this.end };
    if (!isStill) this.timer = setInterval(() => this.step(1), PAUSE);
    this.actions.visit(unit.net, unit.at, isStill ? first + this.row - 1 : first);
    this.draw();
    this.actions.watch();
  }

  step(by) {
    const { net, at, index } = this.state.unit;
    if (index + 1 >= this.end) this.stop();
    else this.actions.visit(net, at, Math.min(index + by, this.end - 1));
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.state.filling = null;
    this.draw();
    this.actions.refresh();
  }

  draw() {
    const going = this.isMoving ? "■ Stop" : "▶ Next row";
    this.button.textContent = this.isOn ? going : "▶ Play: let the map fill in";
    this.button.setAttribute("aria-pressed", this.isOn);
  }
}
