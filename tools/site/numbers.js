// Reads a number as it was written: "2,416", "10 %", "half", "ln 10", "twelve".

import { LARGEST } from "./shown.js";

/** An answer cannot be read; the message says what is expected. */
export class Unreadable extends Error {}

const COUNTED = [
  ..."zero one two three four five six seven eight nine ten eleven twelve".split(" "),
  ..."thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(" "),
];
const NUMBERS = new Map([
  ...COUNTED.map((name, value) => [name, value]),
  ["none", 0],
  ["nothing", 0],
]);
const SHARES = new Map(
  Object.entries({
    ...{ none: 0, nothing: 0, all: 1, "nearly all": 0.95, most: 0.8 },
    ...{ half: 0.5, "a half": 0.5, "one half": 0.5, "about a half": 0.5, "about half": 0.5 },
    ...{ "a third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25, "three quarters": 0.75 },
    ...{ "a fifth": 0.2, "a tenth": 0.1, "one tenth": 0.1, "about a tenth": 0.1 },
  }),
);
const LOGARITHM = /^(-?) ?(?:ln|(?:math|np|torch)?\.?log) ?\(? ?([\d.]+) ?\)?$/;
// A number, and perhaps its unit; also "~28" and "about 28".
const WRITTEN = /^(?:about|around|~|≈|=)? ?([-+]?\d[\d.,'_ ]*(?:e-?\d+)?|\.\d+)(.*)$/;

/** `text` without the signs of `ends` at its ends. */
export function stripped(text, ends) {
  const signs = [...text];
  while (signs.length && ends.includes(signs[0])) signs.shift();
  while (signs.length && ends.includes(signs.at(-1))) signs.pop();
  return signs.join("");
}

function inDigits(written, decimalComma) {
  let digits = written.replace(/[ .,]+$/, "").replace(/(?<=\d)['_ ](?=\d{3})/g, "");
  digits = digits.replace(/(?<=\d)_(?=\d)/g, ""); // Python reads them so too
  if (decimalComma && /^-?\d+,\d+$/.test(digits)) return Number(digits.replace(",", "."));
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits)) digits = digits.replaceAll(",", "");
  return Number(digits.replaceAll(",", "."));
}

function valueOf(written, decimalComma) {
  const text = stripped(written, "()[], ");
  if (NUMBERS.has(text)) return NUMBERS.get(text);
  const logarithm = LOGARITHM.exec(text);
  if (logarithm) return (logarithm[1] ? -1 : 1) * Math.log(Number(logarithm[2]));
  const found = WRITTEN.exec(text);
  if (!found || /[\d(){}[\]/*+^]/.test(found[2])) return NaN;
  return inDigits(found[1], decimalComma);
}

/** The number that `text` is. */
export function number(text, { decimalComma = false } = {}) {
  const value = valueOf(text, decimalComma);
  if (!(Math.abs(value) <= LARGEST)) throw new Unreadable(); // not a number, too
  return value;
}

/** The share that `text` is, from 0 to 1. */
export function share(text) {
  const read = shareOf(text);
  if (!(read.value >= 0 && read.value <= 1)) throw new Unreadable();
  return read;
}

function shareOf(text) {
  if (SHARES.has(text)) return { value: SHARES.get(text) };
  const part = /^(\d+) ?(?:\/|of|out of|in) ?(\d+)$/.exec(text);
  if (part) return { value: Number(part[1]) / Number(part[2]) };
  const perCent = /^(.+?) ?(%|per ?cent)$/.exec(text);
  if (perCent) return { value: number(perCent[1], { decimalComma: true }) / 100 };
  const value = number(text, { decimalComma: true });
  if (!(value > 1 && value <= 100)) return { value };
  const note = `Read as ${Number(value.toPrecision(6))} %: a share lies between 0 and 1.`;
  return { value: value / 100, note, thought: "per cent for share" };
}
