// What joins the chosen unit to the patches that it sees, from column to column, and to the picture.

import { draw } from "../dom.js";

const corners = ([x, y, width, height]) => ({
  left: x,
  right: x + width,
  top: y,
  bottom: y + height,
});

export class Cone {
  constructor() {
    this.element = draw("svg", { class: "cone", "aria-hidden": "true" });
  }

  // `steps` are lists of rectangles [x, y, width, height] in the window, from the picture to the
  // unit: each is joined to the first of the next.
  draw(steps) {
    const origin = this.element.getBoundingClientRect();
    const at = ({ left, right, top, bottom }) => ({
      left: left - origin.left,
      right: right - origin.left,
      top: top - origin.top,
      bottom: bottom - origin.top,
    });
    const last = steps.length - 2;
    const bands = steps.slice(0, -1).flatMap((from, i) => {
      const to = at(corners(steps[i + 1][0]));
      return (i === last ? from : from.slice(0, 1)).map((box) => this.band(at(corners(box)), to));
    });
    this.element.replaceChildren(...bands);
  }

  band(from, to) {
    const points = [
      [from.right, from.top],
      [to.left, to.top],
      [to.left, to.bottom],
      [from.right, from.bottom],
    ];
    return draw("polygon", { points: points.map((point) => point.join(",")).join(" ") });
  }
}
