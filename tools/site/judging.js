// What an answer to a question is worth, as lenet_helpers/asking/questions/question.py says it.

import { read } from "./reading.js";

/** Whether two answers are the same, numbers up to `within`. */
export function same(value, other, within = 0) {
  if (typeof value === "number" && typeof other === "number") {
    return Math.abs(value - other) <= within + 1e-9;
  }
  if (typeof value === "number" || typeof other === "number") return false;
  return JSON.stringify(value) === JSON.stringify(other);
}

function thoughtBehind(question, value) {
  const known = question.thoughts.find((wrong) => same(value, wrong.answer, wrong.within));
  if (known) return known.thought;
  if (typeof value !== "number") return null;
  const band = question.bands.find((one) => one.from <= value && value <= one.to);
  return band?.thought ?? null;
}

/** The value, the note, the thought, and the verdict: "right", "wrong", or "noted" until measured. */
export function judge(question, answer) {
  const reading = read(answer, question);
  if (question.answer !== null && same(reading.value, question.answer, question.within)) {
    return { ...reading, verdict: "right" };
  }
  const thought = thoughtBehind(question, reading.value) ?? reading.thought;
  const verdict = question.answer === null ? "noted" : "wrong";
  return { ...reading, thought, inForm: reading.thought, verdict };
}
