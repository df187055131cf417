// The switch "Which pixels matter": what covering takes from the score of a class, in colours over the
// picture. The network is asked in small pieces between the frames of the screen.

import { make } from "../dom.js";
import { digits } from "../numbers.js";
import { gradientOver, pixelOver } from "./colours.js";
import { Legend } from "./legend.js";
import { Occlusion } from "./occlusion.js";

const CALM = 200; // milliseconds without a change: a stroke has many, and asking begins after it
const BUDGET = 8; // milliseconds of each frame

// The place of the largest of `values`.
const largestAt = (values) => values.indexOf(Math.max(...values));

export class Matters {
  constructor(state, actions) {
    const [, height, width] = state.shape;
    Object.assign(this, { state, actions, isOn: false, asked: null, heat: null });
    const toggle = () => this.toggle();
    const pressed = { type: "button", "aria-pressed": "false", onclick: toggle };
    this.button = make("button", pressed, "Which pixels matter");
    this.overlay = make("canvas", { class: "heat", "aria-hidden": "true", width, height });
    this.of = this.choice("its answer");
    this.less = this.choice("nothing");
    this.legend = new Legend(true, gradientOver());
    this.progress = make("progress", { "aria-label": "How much has been asked" });
    this.words = make("p", { "aria-live": "polite" });
    this.more = make(
      "div",
      { class: "matters", hidden: true },
      make("label", {}, "score of ", this.of),
      " ",
      make("label", {}, "minus ", this.less),
      this.progress,
      this.legend.element,
      this.words,
    );
  }

  choice(first) {
    const names = [first, ...this.state.classes];
    const options = names.map((name, i) => make("option", { value: i - 1 }, name));
    return make("select", { onchange: () => this.show() }, ...options);
  }

  toggle() {
    this.isOn = !this.isOn;
    this.button.setAttribute("aria-pressed", this.isOn);
    this.more.hidden = !this.isOn;
    this.forget();
    this.draw();
    this.actions.notice();
  }

  // What was found is of another picture, or another network.
  forget() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    Object.assign(this, { asked: null, heat: null });
    this.overlay.getContext("2d").clearRect(0, 0, this.overlay.width, this.overlay.height);
    this.legend.element.hidden = true;
    this.words.textContent = "";
  }

  draw() {
    if (!this.isOn) return;
    const { picture, net, shape } = this.state;
    if (this.asked && this.asked.picture === picture && this.asked.net === net) return;
    this.forget();
    this.asked = new Occlusion(net, picture, shape, (covered) => this.state.normalised(covered));
    this.progress.max = this.asked.corners.length;
    this.progress.value = 0;
    this.progress.hidden = false;
    this.timer = setTimeout(() => this.ask(), CALM);
  }

  ask() {
    this.asked.work(performance.now() + BUDGET);
    this.progress.value = this.asked.logits.length;
    if (this.asked.isDone) this.show();
    else this.frame = requestAnimationFrame(() => this.ask());
  }

  // The score that is chosen, {of, less}: numbers of classes, less is −1 where nothing is taken.
  get score() {
    const of = Number(this.of.value);
    const less = Number(this.less.value);
    return { of: of < 0 ? largestAt(this.asked.logits[0]) : of, less };
  }

  show() {
    if (!this.asked || !this.asked.isDone) return;
    const { of } = this.score;
    for (const option of this.less.options) option.disabled = Number(option.value) === of;
    if (Number(this.less.value) === of) this.less.value = -1;
    const { less } = this.score;
    const scoreOf = (logits) => logits[of] - (less < 0 ? 0 : logits[less]);
    this.heat = this.asked.heat(scoreOf);
    const most = this.paint();
    this.progress.hidden = true;
    this.legend.element.hidden = false;
    this.legend.draw({ low: -most, high: most });
    this.words.textContent = this.inWords(of, less, scoreOf(this.asked.logits[0]));
  }

  paint() {
    const g = this.overlay.getContext("2d");
    const image = g.createImageData(this.overlay.width, this.overlay.height);
    const most = Math.max(...this.heat.map(Math.abs));
    this.heat.forEach((value, i) => image.data.set(pixelOver(value / (most || 1)), 4 * i));
    g.putImageData(image, 0, 0);
    return most;
  }

  // "row 3, column 4", of a pixel.
  where(i) {
    const [, , width] = this.state.shape;
    return `row ${Math.floor(i / width)}, column ${i % width}`;
  }

  inWords(of, less, score) {
    const { state, heat, asked } = this;
    const { classes, nets, net } = state;
    const who = nets.length > 1 ? `${net.name}, ` : "";
    const what = less < 0 ? classes[of] : `${classes[of]} minus ${classes[less]}`;
    const end = (sign) => {
      const at = largestAt(heat.map((value) => sign * value));
      return heat[at] * sign > 0
        ? `at most ${digits(sign * heat[at], 4)} (${this.where(at)})`
        : "nowhere";
    };
    return (
      `${who}score of ${what}: ${digits(score, 4)}. ${asked.side}×${asked.side} pixels are covered, ` +
      `at each place. Orange: this takes from the score, ${end(1)}. ` +
      `Purple: this adds to it, ${end(-1)}.`
    );
  }

  // The pointer is on the picture, at (down, across) in pixels of it.
  hovered([down, across]) {
    const [, height, width] = this.state.shape;
    const [row, column] = [Math.floor(down), Math.floor(across)];
    if (row < 0 || column < 0 || row >= height || column >= width) return;
    const i = row * width + column;
    this.actions.hover(`Pixel, ${this.where(i)}: covering takes ${digits(this.heat[i], 4)}`);
  }
}
