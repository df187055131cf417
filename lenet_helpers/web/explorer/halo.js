// A frame around what is looked at, with a halo that lifts it off any colour.

import { draw } from "../dom.js";

// Around a square of one pixel: a transform puts it where it belongs.
export function frameWithHalo() {
  const group = draw("g", {});
  for (const name of ["halo", "frame"]) {
    group.append(draw("rect", { width: 1, height: 1, class: name }));
  }
  return group;
}
