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

// The second convolution of LeNet has six channels.
function ofChannels([down, across]) {
  const products = down.k * across.k;
  const shown = `One input channel is shown, with ${products} products a cell.`;
  return `${shown} With 6 channels there are ${6 * products}.`;
}

// `note` is what a preset has to say.
export function remarks({ kind }, windows, note) {
  const general = note ?? (kind === "conv" ? ofChannels(windows) : null);
  return [
    ...(general ? [{ text: general, tone: "faint" }] : []),
    ...windows.flatMap(ofOneSide),
    ...(kind === "conv" ? [] : windows.flatMap(refusal)),
    ...(kind === "avg"
      ? [{ text: "Average pooling has no dilation in PyTorch.", tone: "faint" }]
      : []),
  ];
}

// A line for each side, or one where they are alike.
export function formulas(windows) {
  const [height, width] = windows.map((window) => window.formula({ steps: true }));
  if (height === width) return [`height and width: ${height}`];
  return [height, width].map((formula, axis) => `${SIDES[axis]}: ${formula}`);
}
