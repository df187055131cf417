// Steps of the tour about layers, as tour_steps.js has them; null where the network has no such layer.

import { kindOf } from "./kinds.js";
import { receptiveField } from "./receptive_field.js";
import { middleOf } from "./shapes.js";
import { sizeOf, term } from "./tour_words.js";

const isConvolution = (layer) => layer.weight && layer.windows;
const isPooling = (layer) => layer.windows && !layer.weight;
const isDense = (layer) => kindOf(layer).wholeInput && layer.weight;

// The number of pixels that a unit in the middle of layer `at` depends on.
function pixelsSeen(net, at) {
  const [top, left, bottom, right] = receptiveField(net, at, middleOf(net.layers[at].shape));
  return (bottom - top + 1) * (right - left + 1);
}

// Whether another unit is chosen, in a column of the first network.
const isChosenIn =
  ({ layers }) =>
  (before, { unit }) =>
    unit !== before.unit && unit.net === 0 && layers.has(unit.at);

export function kernelStep({ play, unit, picture, actions }, { layers }) {
  const at = layers.findIndex(isConvolution);
  if (at < 0) return null;
  const { kernel, before: maps } = layers[at];
  const each = maps[0] > 1 ? `, one for each of the ${maps[0]} maps before it` : "";
  return {
    title: "A kernel",
    words: [
      "A ",
      term("kernel"),
      ` is a small grid of weights, here ${sizeOf(kernel)}${each}. It lies on one place of the `,
      "picture. Each number under it is multiplied by the weight on it, and the products are added: ",
      "one new number. Then it moves to the next place, with the same weights, which were learned.",
    ],
    task: "Press Play: the kernel moves over the picture, the orange frame, and its sums fill a map.",
    marks: [play.button, picture.field],
    beside: unit.element,
    side: "end",
    narrow: { beside: picture.field, side: "right" },
    prepare: () => actions.choose(0, at),
    isDone: (before, now) => now.isPlaying,
  };
}

export function mapStep({ columns, actions }, { layers }) {
  const at = layers.findIndex(isConvolution);
  if (at < 0) return null;
  const [maps, height, width] = layers[at].shape;
  const mapOf = ({ index }) => Math.floor(index / (height * width));
  const isHere = ({ unit }) => unit.net === 0 && unit.at === at;
  return {
    title: "A map",
    words: [
      "A ",
      term("map"),
      " holds the sums that a kernel gave, each at its place. ",
      `This layer has ${maps} ${maps > 1 ? "maps, each with weights of its own" : "map"}. `,
      "Orange is above zero, purple below zero; the strip says how far.",
    ],
    task: maps > 1 ? "Click a value in another map." : "Click another value of the map.",
    marks: [columns[0].stageOf(at).element],
    side: "right",
    prepare: () => actions.choose(0, at),
    isDone: (before, now) =>
      isHere(now) &&
      (maps > 1 ? mapOf(now.unit) !== mapOf(before.unit) : now.unit.index !== before.unit.index),
  };
}

export function fieldStep({ picture, actions }, net) {
  const at = net.layers.findIndex((layer) => layer.windows);
  if (at < 0 || pixelsSeen(net, net.layers.length - 1) <= pixelsSeen(net, at)) return null;
  return {
    title: "A receptive field",
    words: [
      "The ",
      term("receptive field"),
      " of a value is the part of the picture that the value depends on: the frame in the picture. ",
      "Outside of it the picture may change, and the value stays the same.",
    ],
    task: "Choose a value in a later layer: its frame is larger.",
    marks: [picture.field],
    side: "below",
    prepare: () => actions.choose(0, at),
    isDone: (before, now) => now.field > before.field,
  };
}

export function poolingStep({ columns, unit }, { layers }) {
  const at = layers.findIndex(isPooling);
  if (at < 0) return null;
  const { formula, shape, before } = layers[at];
  const [from, to] = [before, shape].map((sides) => sizeOf(sides.slice(1)));
  return {
    title: "Pooling",
    words: [
      `Pooling makes each map smaller, here from ${from} to ${to} values. `,
      `A new value is ${formula.split(": ")[1]} under it. Pooling has no weights.`,
    ],
    task: "Click a value here. Below, “One unit, spelled out” says how it is made.",
    marks: [columns[0].stageOf(at).element, unit.total],
    side: "right",
    isDone: isChosenIn(columns[0].stageOf(at)),
  };
}

// Of a network without kernels.
export function unitStep({ columns, unit }, { layers }) {
  const at = layers.findIndex(isDense);
  if (at < 0 || layers.some(isConvolution)) return null;
  const stage = columns[0].stageOf(at);
  return {
    title: "A unit",
    words: [
      "A ",
      term("unit"),
      " of a dense layer takes all values before it: each is multiplied by its own weight, the ",
      "products are added, and the unit's bias is added too. The network has learned these numbers.",
    ],
    task: "Click a unit here. Below, “One unit, spelled out” has its sum.",
    marks: [stage.element, unit.total],
    side: "right",
    isDone: isChosenIn(stage),
  };
}

// The same.
export function decisionStep({ decision }, { layers }) {
  if (layers.some(isConvolution) || decision.element.hidden) return null;
  return {
    title: "The sum of a score",
    words: [
      "The score of a class is a sum too. Each unit before it adds something to the score, or takes ",
      "something away.",
    ],
    task: "Open “What matters to the decision”, and choose a class.",
    marks: [decision.element],
    side: "above",
    isDone: (before, now) => now.isSplit,
  };
}
