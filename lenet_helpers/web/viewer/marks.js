// Where a unit's value comes from, and where it goes: patches and single values in other layers.
//
// A mark is {map, box}: [top, left, bottom, right] in that map, or in all where map is null; or
// {index}, one value. Layers that only change values one by one have the marks of their neighbours.

import { indices } from "../numbers.js";
import { kindOf } from "./kinds.js";
import { channelsOf } from "./kinds/weighted.js";
import { isMixing } from "./stages.js";
import { placeOf } from "./shapes.js";

const STRONGEST = 6; // inputs of a dense unit, and units that it counts most in

// The places of the largest of `weights`, by their size.
function strongest(weights) {
  const ranked = indices(weights.length).sort(
    (a, b) => Math.abs(weights[b]) - Math.abs(weights[a]),
  );
  return ranked.slice(0, STRONGEST);
}

// A patch is {maps, box}: several marks with one box.
function patchAt(shape, index) {
  const [map, row, column] = placeOf(shape, index);
  return { maps: [map], box: [row, column, row, column] };
}

const marksOfPatch = ({ maps, box }) => maps.map((map) => ({ map, box }));

// The maps under a map of `layer`: itself, all of them (null), or those of its group.
function mapsUnder(layer, map) {
  if (!layer.weight) return [map];
  return map === null || layer.groups === 1 ? [null] : channelsOf(layer, map);
}

// The patch under the windows of `layer` that belongs to a patch of its own values.
function patchUnder(layer, { maps, box: [top, left, bottom, right] }) {
  const [down, across] = layer.windows;
  const [rows, columns] = [down.span(top, bottom), across.span(left, right)];
  const under = new Set(maps.flatMap((map) => mapsUnder(layer, map)));
  return { maps: [...under], box: [rows[0], columns[0], rows[1], columns[1]] };
}

// A map from the number of a layer before `at` to its marks; dense units end the way back.
function marksBefore({ layers }, values, at, index) {
  const found = new Map();
  let patch = null; // until there is a window the unit stands for itself, whatever its shape
  for (let i = at; i > 0; i--) {
    const layer = layers[i];
    if (layer.windows) {
      patch = patchUnder(layer, patch ?? patchAt(layer.shape, index));
    } else if (kindOf(layer).wholeInput) {
      if (patch || !kindOf(layer).addsUp) return found;
      const { length } = values[i];
      const products = values[i].map((x, j) => x * layer.weight[index * length + j]);
      const marks = strongest(products).map((j) => ({ index: j }));
      for (let j = i - 1; j >= 0; j--) {
        found.set(j, marks);
        if (isMixing(layers[j])) break;
      }
      return found;
    }
    found.set(i - 1, patch ? marksOfPatch(patch) : [{ index }]);
  }
  return found;
}

// The same for the layers after `at`, up to those that the next sums go to.
function marksAfter({ layers }, at, index) {
  const found = new Map();
  let marks = [{ index }];
  let hasMixed = false;
  for (let i = at + 1; i < layers.length; i++) {
    const layer = layers[i];
    if (isMixing(layer)) {
      if (hasMixed) break;
      hasMixed = true;
      marks = layer.windows ? usesOf(layer, index) : strongestUses(layer, index);
    }
    found.set(i, marks);
  }
  return found;
}

function usesOf(layer, index) {
  const [map, ...place] = placeOf(layer.before, index);
  const [rows, columns] = layer.windows.map((window, axis) =>
    indices(layer.shape[axis + 1]).filter((at) => window.pixels(at).includes(place[axis])),
  );
  if (!rows.length || !columns.length) return [];
  const box = [rows[0], columns[0], rows.at(-1), columns.at(-1)];
  return marksOfPatch({ maps: mapsOver(layer, map), box });
}

// The maps of `layer` that are made of a map of the layer before it.
function mapsOver(layer, map) {
  if (!layer.weight) return [map];
  if (layer.groups === 1) return [null];
  return indices(layer.shape[0]).filter((over) => channelsOf(layer, over).includes(map));
}

function strongestUses({ weight, shape: [units] }, index) {
  const each = weight.length / units;
  const own = indices(units).map((unit) => weight[unit * each + index]);
  return strongest(own).map((unit) => ({ index: unit }));
}

// {before, after}: the marks of a unit in the other layers of its network.
export function marksOf(net, values, at, index) {
  return { before: marksBefore(net, values, at, index), after: marksAfter(net, at, index) };
}
