// The drawing field: the picture, the receptive field of the chosen unit, and the strokes on it.

import { make } from "../dom.js";
import { clamp } from "../numbers.js";
import { paintPicture } from "./picture.js";
import { receptiveField } from "./receptive_field.js";
import { stroke } from "./stroke.js";

const SIDE = 224; // pixels, the width
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// `brush` is the radius of the strokes in pixels of the picture.
export class Pad {
  constructor(state, actions) {
    const [, height, width] = state.shape;
    const sides = { width: SIDE, height: Math.round((SIDE * height) / width) };
    Object.assign(this, { state, actions, brush: 1.3, erasing: false });
    this.cursor = [Math.floor(height / 2), Math.floor(width / 2)]; // for the keys
    this.last = null; // where the pointer was, while it is down
    this.small = make("canvas", { width, height }); // the picture in its own size
    const lift = () => this.lift();
    const draw = () => this.draw(actions.colour());
    this.canvas = make("canvas", {
      class: "pad",
      ...sides,
      tabindex: 0,
      role: "application",
      "aria-label": "Drawing area. Arrow keys move, space draws.",
      onpointerdown: (event) => this.press(event),
      onpointermove: (event) => this.move(event),
      onpointerup: lift,
      onpointercancel: lift,
      onkeydown: (event) => this.key(event),
      onfocus: draw,
      onblur: draw,
    });
  }

  press(event) {
    this.state.startDrawing();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.placeOf(event);
    this.stroke(this.last, this.last);
  }

  move(event) {
    if (!this.last) return;
    const now = this.placeOf(event);
    this.stroke(this.last, now);
    this.last = now;
  }

  lift() {
    this.last = null;
  }

  key(event) {
    const step = STEPS[event.key];
    const [, ...sides] = this.state.shape;
    if (step) {
      this.cursor = this.cursor.map((at, axis) => clamp(at + step[axis], 0, sides[axis] - 1));
    } else if (event.key === " ") this.dot();
    else return;
    event.preventDefault();
    this.draw(this.actions.colour());
  }

  dot() {
    this.state.startDrawing();
    const middle = this.cursor.map((at) => at + 0.5);
    this.stroke(middle, middle);
  }

  stroke(from, to) {
    this.actions.edit(stroke(this.state.picture, this.state.shape, from, to, this));
  }

  // Where the pointer is, (down, across) in pixels of the picture.
  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const [, height, width] = this.state.shape;
    return [
      ((event.clientY - box.top) / box.height) * height,
      ((event.clientX - box.left) / box.width) * width,
    ];
  }

  // The receptive field as a rectangle in the window.
  fieldInWindow() {
    const { net, unit, shape } = this.state;
    const box = this.canvas.getBoundingClientRect();
    const [top, left, bottom, right] = receptiveField(net, unit.at, unit.index);
    const [down, across] = [box.height / shape[1], box.width / shape[2]];
    const size = [(right - left + 1) * across, (bottom - top + 1) * down];
    return [box.left + left * across, box.top + top * down, ...size];
  }

  draw(colour) {
    const { picture, shape, net, unit } = this.state;
    const { width, height } = this.small;
    const scale = SIDE / width;
    const g = this.canvas.getContext("2d");
    g.imageSmoothingEnabled = false;
    paintPicture(this.small, picture, shape);
    g.drawImage(this.small, 0, 0, SIDE, scale * height);
    const [top, left, bottom, right] = receptiveField(net, unit.at, unit.index);
    g.strokeStyle = colour;
    g.lineWidth = 3;
    g.strokeRect(
      left * scale + 1.5,
      top * scale + 1.5,
      (right - left + 1) * scale - 3,
      (bottom - top + 1) * scale - 3,
    );
    if (document.activeElement !== this.canvas) return;
    g.setLineDash([3, 3]);
    g.lineWidth = 2;
    g.strokeRect(this.cursor[1] * scale, this.cursor[0] * scale, scale, scale);
    g.setLineDash([]);
  }
}
