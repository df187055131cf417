// Shapes of layers, [maps, height, width] or [length], and the units in them.

export const area = (shape) => shape.reduce((a, b) => a * b, 1);

// Whether there are maps to look at, and not single values.
export const hasMaps = (shape) => shape.length === 3 && shape[1] * shape[2] > 1;

// A unit's index as [map, row, column], or as [index] in a vector.
export function placeOf(shape, index) {
  if (shape.length < 3) return [index];
  const [, height, width] = shape;
  return [Math.floor(index / (height * width)), Math.floor(index / width) % height, index % width];
}

// The reverse.
export const indexOf = (shape, place) =>
  place.reduce((index, at, axis) => index * shape[axis] + at, 0);

// What the numbers of a place are called.
export const axesOf = (shape) => (shape.length < 3 ? ["unit"] : ["map", "row", "column"]);

export const placeInWords = (shape, index) =>
  placeOf(shape, index)
    .map((at, axis) => `${axesOf(shape)[axis]} ${at}`)
    .join(", ");

// The middle unit of the first map: one that sees no padding.
export function middleOf(shape) {
  if (shape.length < 3) return 0;
  const [, height, width] = shape;
  return indexOf(shape, [0, Math.floor(height / 2), Math.floor(width / 2)]);
}
