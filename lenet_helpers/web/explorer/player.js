// One output cell after the other: play, pause, step, scrub.

import { make } from "../dom.js";
import { clamp } from "../numbers.js";

const PAUSE = 600; // milliseconds from a cell to the next

// `at` is the cell that is shown, of `count`; `filled` is how many have been. Calls `moved` when it
// has gone to a cell.
export class Player {
  constructor(moved) {
    Object.assign(this, { moved, at: 0, count: 0, filled: 0, timer: null });
    this.button = make("button", {
      type: "button",
      onclick: () => (this.timer ? this.pause() : this.play()),
    });
    this.back = make(
      "button",
      { type: "button", onclick: () => this.jump(this.at - 1) },
      "◀ Step back",
    );
    this.forth = make(
      "button",
      { type: "button", onclick: () => this.jump(this.at + 1) },
      "Step ▶",
    );
    this.scrub = make("input", {
      type: "range",
      min: 0,
      class: "scrub",
      "aria-label": "output cell",
      oninput: () => this.jump(Number(this.scrub.value)),
    });
    this.row = make("div", { class: "row" }, this.back, this.button, this.forth, this.scrub);
    this.pause();
  }

  // Begin anew with `count` cells, at the same cell if it is still there.
  restart(count) {
    this.pause();
    this.count = count;
    this.filled = 0;
    this.scrub.max = Math.max(count - 1, 0);
    for (const control of [this.scrub, this.button, this.back, this.forth]) {
      control.disabled = !count;
    }
    this.go(Math.min(this.at, Math.max(count - 1, 0)));
  }

  play() {
    if (!this.count) return;
    if (this.isAtEnd()) {
      this.filled = 0;
      this.go(0);
    }
    this.button.textContent = "❚❚ Pause";
    this.timer = setInterval(() => (this.isAtEnd() ? this.pause() : this.go(this.at + 1)), PAUSE);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.button.textContent = "▶ Play";
  }

  isAtEnd() {
    return this.at >= this.count - 1;
  }

  // Stop playing and go to a cell.
  jump(cell) {
    this.pause();
    this.go(cell);
  }

  go(cell) {
    if (this.count) this.at = clamp(cell, 0, this.count - 1);
    this.filled = Math.max(this.filled, this.at + 1);
    this.scrub.value = this.at;
    this.moved();
  }

  // Say to a screen reader where the slider stands.
  say(words) {
    this.scrub.setAttribute("aria-valuetext", words);
  }
}
