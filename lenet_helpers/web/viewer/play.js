// The kernel on its way: the chosen map fills in, window by window.

import { make } from "../dom.js";

const PAUSE = 90; // milliseconds a window

export class Play {
  constructor(state, actions) {
    Object.assign(this, { state, actions, timer: null });
    this.button = make("button", { type: "button", onclick: () => this.toggle() });
    this.draw();
  }

  get isOn() {
    return this.timer !== null;
  }

  toggle() {
    if (this.isOn) this.stop();
    else this.start();
  }

  // From the first window of the map.
  start() {
    const { unit, layer, place } = this.state;
    const each = layer.shape.length < 3 ? layer.shape[0] : layer.shape[1] * layer.shape[2];
    const first = (layer.shape.length < 3 ? 0 : place[0]) * each;
    this.end = first + each;
    this.timer = setInterval(() => this.step(), PAUSE);
    this.state.filling = { ...unit, end: this.end };
    this.actions.visit(unit.net, unit.at, first);
    this.draw();
  }

  step() {
    const { net, at, index } = this.state.unit;
    if (index + 1 >= this.end) this.stop();
    else this.actions.visit(net, at, index + 1);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.state.filling = null;
    this.draw();
    this.actions.refresh();
  }

  draw() {
    this.button.textContent = this.isOn ? "■ Stop" : "▶ Play: let the map fill in";
    this.button.setAttribute("aria-pressed", this.isOn);
  }
}
