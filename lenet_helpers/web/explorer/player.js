// One output cell after the other: play, pause, step, scrub. Where less motion is wanted nothing moves
// by itself: each press of Play fills in a row.

import { make } from "../dom.js";
import { wantsStill } from "../motion.js";
import { clamp } from "../numbers.js";

const PAUSE = { least: 25, most: 600, whole: 20_000 }; // milliseconds: a cell, and a whole output

// `at` is the cell that is shown, of `count`; `filled` is how many have a value: all of them, until
// it plays. Calls `moved` when it has gone to a cell, and `turned` when it begins or stops to play.
export class Player {
  constructor(moved, turned) {
    Object.assign(this, { moved, turned, at: 0, count: 0, filled: 0, timer: null });
    const button = (words, onclick) => make("button", { type: "button", onclick }, words);
    this.button = button("", () => (this.isOn ? this.pause() : this.play()));
    this.back = button("◀ Step back", () => this.jump(this.at - 1));
    this.forth = button("Step ▶", () => this.jump(this.at + 1));
    this.scrub = make("input", {
      type: "range",
      min: 0,
      class: "scrub",
      "aria-label": "output cell",
      oninput: () => this.jump(Number(this.scrub.value)),
    });
    this.row = make(
      "div",
      { class: "row player", role: "group", "aria-label": "the window's way" },
      this.button,
      this.back,
      this.forth,
      this.scrub,
    );
  }

  get isOn() {
    return this.timer !== null;
  }

  // Milliseconds from a cell to the next: a large output goes faster.
  get pace() {
    return clamp(PAUSE.whole / this.count, PAUSE.least, PAUSE.most);
  }

  // Begin anew with `count` cells, `row` in a row, at `at` if there is one.
  restart(count, row, at) {
    this.pause();
    this.count = count;
    this.row = row;
    this.filled = count;
    this.scrub.max = Math.max(count - 1, 0);
    for (const control of [this.scrub, this.button, this.back, this.forth]) {
      control.disabled = !count;
    }
    this.go(at);
  }

  // From the first cell, or from where it was paused.
  play() {
    if (!this.count) return;
    const isAnew = this.filled === this.count;
    if (isAnew) this.filled = 0;
    if (wantsStill()) {
      this.go(this.filled + this.row - 1);
      return;
    }
    this.timer = setInterval(() => this.step(), this.pace);
    this.turned();
    this.go(isAnew ? 0 : this.at);
  }

  step() {
    if (this.at >= this.count - 1) this.pause();
    else this.go(this.at + 1);
  }

  pause() {
    if (!this.isOn) return;
    clearInterval(this.timer);
    this.timer = null;
    this.name();
    this.turned();
  }

  // Stop playing and go to a cell.
  jump(cell) {
    this.pause();
    this.go(cell);
  }

  go(cell) {
    this.at = this.count ? clamp(cell, 0, this.count - 1) : 0;
    this.filled = clamp(this.filled, this.at + 1, this.count);
    this.scrub.value = this.at;
    this.name();
    this.moved();
  }

  // Write on the button what it does now.
  name() {
    const isUnderWay = wantsStill() && this.filled < this.count;
    if (this.isOn) this.button.textContent = "❚❚ Pause";
    else this.button.textContent = isUnderWay ? "▶ Next row" : "▶ Play";
  }

  // Say to a screen reader where the slider stands.
  say(words) {
    this.scrub.setAttribute("aria-valuetext", words);
  }
}
