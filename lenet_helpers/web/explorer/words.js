// What there is to say of the settings, in sentences: {text, tone}.

import { SIDES } from "./settings.js";

const LINES = ["row", "column"];

const many = (n, line) => `${n} ${line}${n > 1 ? "s" : ""}`;

function leftOut({ end, between }, line, stride) {
  const told = [];
  if (end.length) {
    const lines = end.length > 1 ? many(end.length, line) : line;
    const why = `one more step of ${stride} would reach past the end`;
    told.push(`The floor leaves out the last ${lines}: ${why}.`);
  }
  if (between.length) {
    const verb = between.length > 1 ? "are" : "is";
    told.push(`${many(between.length, line)} between the taps ${verb} never visited.`);
  }
  return told.map((text) => ({ text }));
}

function ofOneSide(window, axis) {
  const none = window.whyNone(SIDES[axis]);
  return none ? [{ text: none, tone: "warn" }] : leftOut(window.unvisited(), LINES[axis], window.s);
}

function refusal({ k, p }, axis) {
  if (2 * p <= k) return [];
  const fault = `the padding ${p} (${SIDES[axis]}) is more than half of the kernel ${k}`;
  return [{ text: `PyTorch refuses this pooling: ${fault}.`, tone: "warn" }];
}

// The second convolution of LeNet has six.
function ofChannels([down, across]) {
  const products = down.k * across.k;
  const shown = `One input channel is shown, with ${products} products a cell.`;
  return [{ text: `${shown} With 6 channels there are ${6 * products}.`, tone: "faint" }];
}

export function remarks({ kind }, windows) {
  return [
    ...(kind === "conv" ? ofChannels(windows) : []),
    ...windows.flatMap(ofOneSide),
    ...(kind === "conv" ? [] : windows.flatMap(refusal)),
    ...(kind === "avg"
      ? [{ text: "Average pooling has no dilation in PyTorch.", tone: "faint" }]
      : []),
  ];
}

export const formulas = (windows) =>
  windows.map((window, axis) => `${SIDES[axis]}: ${window.formula({ steps: true })}`);
