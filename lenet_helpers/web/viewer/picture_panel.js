// The left of the viewer: draw or pick a picture, and what there is to say of a drawing.

import { make } from "../dom.js";
import { Pad } from "./pad.js";
import { paintPicture } from "./picture.js";
import { differences, measure } from "./placing.js";
import { likeTheData } from "./resampling.js";
import { area } from "./shapes.js";

const button = (name, onclick, attributes = {}) =>
  make("button", { type: "button", onclick, ...attributes }, name);

export class PicturePanel {
  constructor(state, matters, actions) {
    Object.assign(this, { state, actions, pad: new Pad(state, actions) });
    this.said = make("p", { "aria-live": "polite", class: "faint" });
    this.unlike = make("div", { "aria-live": "polite" });
    this.thumbs = state.pictures.map((_, i) => this.thumb(i));
    const named = { role: "group", "aria-label": "Pick a picture" };
    this.picks = make("div", { class: "picks", ...named }, ...this.thumbs);
    this.field = make(
      "div",
      {
        class: "field",
        onpointermove: (event) => matters.heat && matters.hovered(this.pad.placeOf(event)),
        onpointerleave: () => actions.hover(""),
      },
      this.pad.canvas,
      matters.overlay,
    );
    this.element = make(
      "div",
      { class: "picture" },
      make("h3", {}, "Draw or pick"),
      this.field,
      this.tools(matters.button),
      matters.more,
      this.picks,
      this.said,
      this.unlike,
    );
  }

  thumb(i) {
    const { shape, pictures, classes, labels } = this.state;
    const [, height, width] = shape;
    const canvas = make("canvas", { "aria-hidden": "true", width, height });
    paintPicture(canvas, pictures[i], shape);
    const name = { "aria-label": `Picture ${i + 1}: ${classes[labels[i]]}` };
    return button(canvas, () => this.actions.pick(i), name);
  }

  tools(more) {
    const { state, actions, pad } = this;
    const eraser = button(
      "Eraser",
      () => {
        pad.erasing = !pad.erasing;
        eraser.setAttribute("aria-pressed", pad.erasing);
      },
      { "aria-pressed": "false" },
    );
    const clear = () => actions.edit(new Float32Array(area(state.shape)));
    const adapt = () => actions.edit(likeTheData(state.picture, state.shape, state.usual));
    return make(
      "div",
      { class: "tools" },
      button("Clear", clear),
      eraser,
      button("Centre and thicken", adapt, { title: "Make it like the training pictures" }),
      make(
        "label",
        {},
        "Stroke ",
        make("input", {
          type: "range",
          min: 0.6,
          max: 3,
          step: 0.1,
          value: pad.brush,
          "aria-label": "Stroke width in pixels",
          oninput: (event) => {
            pad.brush = Number(event.target.value);
          },
        }),
      ),
      more,
    );
  }

  draw(colour) {
    const { drawn, picked, classes, labels } = this.state;
    this.pad.draw(colour);
    this.thumbs.forEach((thumb, i) => thumb.setAttribute("aria-pressed", !drawn && i === picked));
    this.said.textContent = drawn
      ? "Your drawing."
      : `Picture ${picked + 1}, labelled ${classes[labels[picked]]}.`;
    this.unlike.replaceChildren(...(drawn ? this.compare() : []));
  }

  // Where the drawing differs from the pictures that the network has learned from.
  compare() {
    const { picture, shape, usual } = this.state;
    const found = differences(measure(picture, shape), usual);
    if (!found.length) return ["Centre, size and stroke are like those of the training pictures."];
    const list = make("ul", {}, ...found.map((text) => make("li", {}, text)));
    return [make("strong", {}, "Unlike the training pictures"), list];
  }
}
