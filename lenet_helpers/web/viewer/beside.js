// Panels that float beside what they are about.

import { clamp } from "../numbers.js";

const GAP = 8; // pixels between the two, and to the edge

// Where a panel of a size goes, [left, top]: at the side that is asked for if it fits in a page
// `across` wide, else at another; below it there is always room. The side "end" is above it at the
// right edge of the page.
function placeBeside(box, { width, height }, across, side) {
  const left = clamp(box.left, 0, Math.max(0, across - width));
  const places = {
    right: [box.right + GAP, box.top],
    left: [box.left - GAP - width, box.top],
    below: [left, box.bottom + GAP],
    end: [across - width - GAP, box.top - GAP - height],
    above: [left, box.top - GAP - height],
  };
  const isFree = (x, y) =>
    x >= box.right || x + width <= box.left || y >= box.bottom || y + height <= box.top;
  const fits = ([x, y]) => x >= 0 && y >= 0 && x + width <= across && isFree(x, y);
  const order = [side, "right", "left", "above", "below"];
  return order.map((name) => places[name]).find(fits) ?? places.below;
}

// The page is as high as the lowest panel needs.
function makeRoom(root) {
  const open = [...root.querySelectorAll(".panel:not([hidden])")];
  const needed = Math.max(0, ...open.map((panel) => panel.offsetTop + panel.offsetHeight + GAP));
  root.style.minHeight = needed ? `${needed}px` : "";
}

// Put `panel`, a child of `root`, beside another element of it.
export function putBeside(panel, target, root, side) {
  const page = root.getBoundingClientRect();
  const box = target.getBoundingClientRect();
  const within = {
    left: box.left - page.left,
    right: box.right - page.left,
    top: box.top - page.top,
    bottom: box.bottom - page.top,
  };
  const size = { width: panel.offsetWidth, height: panel.offsetHeight };
  const [left, top] = placeBeside(within, size, root.clientWidth, side);
  Object.assign(panel.style, { left: `${left}px`, top: `${top}px` });
  makeRoom(root);
}

export function hidePanel(panel, root) {
  panel.hidden = true;
  makeRoom(root);
}
