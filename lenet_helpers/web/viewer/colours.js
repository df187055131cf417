// The colours of values: purple, white, orange around zero for what may be negative, black over red
// to yellow for what cannot. Both keep their order for every kind of colour vision, and in grey.

const SIGNED = [
  [45, 10, 85],
  [98, 70, 160],
  [165, 155, 208],
  [218, 216, 236],
  [246, 246, 246],
  [252, 220, 178],
  [240, 160, 70],
  [198, 102, 14],
  [110, 48, 2],
];
const RISING = [
  [0, 0, 0],
  [45, 16, 96],
  [115, 30, 128],
  [184, 54, 120],
  [240, 96, 92],
  [254, 176, 120],
  [252, 252, 190],
];
const LEVELS = 256;

const stopsOf = (isSigned) => (isSigned ? SIGNED : RISING);

// LEVELS colours as the pixels of a canvas hold them: a whole number, red in its lowest byte.
function tableOf(stops) {
  return Uint32Array.from({ length: LEVELS }, (_, level) => {
    const at = (level / (LEVELS - 1)) * (stops.length - 1);
    const from = Math.min(Math.floor(at), stops.length - 2);
    const mix = (c) =>
      Math.round(stops[from][c] + (at - from) * (stops[from + 1][c] - stops[from][c]));
    return 0xff000000 | (mix(2) << 16) | (mix(1) << 8) | mix(0);
  });
}

const TABLES = new Map([true, false].map((isSigned) => [isSigned, tableOf(stopsOf(isSigned))]));

// The ends of the scale: as far below zero as above it, or from zero on.
export function endsOf(values, isSigned) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return { low: isSigned ? -most : 0, high: most };
}

// A function from a value to its pixel.
export function pixelOf({ low, high }, isSigned) {
  const table = TABLES.get(isSigned);
  const grade = (LEVELS - 1) / (high - low || 1);
  const zero = high > low ? 0 : isSigned ? (LEVELS - 1) / 2 : 0;
  return (value) =>
    table[Math.round(Math.min(Math.max((value - low) * grade + zero, 0), LEVELS - 1))];
}

// The colours over a picture, which is dark in places and light in others: the further from zero, the
// less of the picture is seen.
const OVER = { more: [255, 140, 30], less: [150, 110, 255] };
const MOST_OPAQUE = 0.85;

// The pixel [red, green, blue, alpha] of a value from −1 to 1.
export function pixelOver(value) {
  return [...(value < 0 ? OVER.less : OVER.more), 255 * MOST_OPAQUE * Math.abs(value)];
}

// Their scale, over black and over white.
export function gradientOver() {
  const end = (colour) => `rgb(${colour.join(" ")} / ${MOST_OPAQUE})`;
  const scale = `linear-gradient(to right, ${end(OVER.less)}, transparent, ${end(OVER.more)})`;
  return `${scale}, linear-gradient(#000 50%, #fff 50%)`;
}

// The scale as the background of a strip.
export function gradientOf(isSigned) {
  const colours = stopsOf(isSigned).map((stop) => `rgb(${stop.join(" ")})`);
  return `linear-gradient(to right, ${colours.join(", ")})`;
}
