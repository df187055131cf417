// Reads an answer that was typed, as lenet_helpers/asking/reading.py reads a text: a test holds the
// two equal. What cannot be read is said to be unreadable, and is never wrong.

import { nearest } from "./near.js";
import { number, share, stripped, Unreadable } from "./numbers.js";
import { LARGEST, shown } from "./shown.js";

const EXPECTED = {
  whole: "a whole number, such as 12",
  side: "one whole number, the pixels along one axis, such as 12",
  number: "a number, such as 12.5",
  share: "a share from 0 to 1, such as 0.25, or a percentage, such as 25 %",
  shape: "whole numbers in brackets, such as (3, 4)",
};

const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function plainly(answer) {
  const text = answer.replaceAll("−", "-").trim().split(/\s+/).join(" ");
  return stripped(text, "\"'` ")
    .replace(/[.?! ]+$/, "")
    .toLowerCase();
}

function word(plain, words) {
  const spelled = new Map(Object.entries(words).map(([name, meant]) => [letters(name), meant]));
  if (!spelled.size) return null;
  const asked = plain.replace(/^(the|an?|with|it is|its) /, "");
  const forms = [letters(plain), letters(asked), letters(asked).replace(/s$/, "")];
  const form = forms.find((one) => spelled.has(one));
  if (form !== undefined) return { value: spelled.get(form) };
  if (/\d/.test(plain)) return null;
  const [near, ...others] = nearest(letters(asked), [...spelled.keys()], 0.85);
  if (near === undefined || near.length <= 4) return null;
  const meant = spelled.get(near);
  if (others.some((other) => spelled.get(other) !== meant)) return null;
  return { value: meant, note: `Read as "${meant}".` };
}

function shape(plain) {
  const inner = stripped(plain.replace(/^(torch\.)?size/, ""), "([ ])");
  if (!/^\d+( ?(,|;|x|×|\*|·|by| ) ?\d+)+ ?,?$/.test(inner)) throw new Unreadable();
  const sides = inner.match(/\d+/g).map(Number);
  if (sides.some((one) => one > LARGEST)) throw new Unreadable();
  return sides;
}

function isShape(plain) {
  try {
    return Boolean(shape(plain));
  } catch {
    return false;
  }
}

function side(plain) {
  if (!isShape(plain)) return { value: number(plain) };
  const sides = shape(plain);
  if (sides.length !== 2 || sides[0] !== sides[1]) throw new Unreadable();
  return { value: sides[0], note: `One side is asked for; both are ${sides[0]} here.` };
}

function hasDecimals(value, decimals) {
  const shifted = value * 10 ** decimals;
  return Math.abs(shifted - Math.round(shifted)) < 1e-6;
}

// "6.000" has a point where English has a comma: nobody means 6 by it.
function whole(plain) {
  if (/^[1-9]\d{0,2}(\.\d{3})*\.000$/.test(plain)) {
    const value = number(plain.replaceAll(".", ""));
    return { value, note: `Read as ${shown(value)}.` };
  }
  const value = number(plain);
  if (!hasDecimals(value, 3) || hasDecimals(value, 2)) return { value };
  return { value, note: `If ${shown(Math.round(1000 * value))} is meant, leave the point out.` };
}

const BY_KIND = {
  share,
  side,
  shape: (plain) => ({ value: shape(plain) }),
  number: (plain) => ({ value: number(plain, { decimalComma: true }) }),
  whole,
  word: () => {
    throw new Unreadable();
  },
};

/** What an answer of this kind looks like, as the end of a sentence. */
export function expected({ kind, choices }) {
  return EXPECTED[kind] ?? `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
}

/**
 * What the text `answer` means to `question`: its value, what to say about its form, and the key of
 * the thought that its form shows. Throws Unreadable, with a message to show.
 */
export function read(answer, question) {
  const plain = plainly(answer);
  const words = Object.fromEntries(question.choices.map((choice) => [choice, choice]));
  try {
    const found = word(plain, { ...words, ...question.words_for }) ?? BY_KIND[question.kind](plain);
    return { note: "", thought: null, ...found };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(`${shown(answer)} cannot be read. Expected: ${expected(question)}.`);
  }
}
