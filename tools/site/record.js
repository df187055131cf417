// How a question went: as in lenet_helpers/asking, the first answer counts.

import { same } from "./judging.js";
import { repeated } from "./shown.js";

/** The record with one more answer; the same answer again is not another one. */
export function withTry(record, text, judged) {
  const before = record ?? { tries: [], shown: false };
  const last = before.tries.at(-1);
  if (last && same(last.answer, judged.value)) return before;
  const right = judged.verdict === "noted" ? null : judged.verdict === "right";
  const late = before.shown;
  const attempt = { text, answer: judged.value, right, thought: judged.thought, late };
  return { ...before, tries: [...before.tries, attempt] };
}

/** The record after the answer was shown: what waited for the `measured` answer is judged. */
export function afterAnswer(record, question, measured) {
  const judged = (attempt) => {
    if (attempt.right !== null || measured === null) return attempt;
    const right = same(attempt.answer, measured, question.within);
    return { ...attempt, right, thought: right ? null : attempt.thought };
  };
  return { tries: record.tries.map(judged), shown: true };
}

/** "at once", "after a hint" or "open". */
export function outcome({ tries }) {
  if (tries[0].right) return "at once";
  return tries.some((attempt) => attempt.right && !attempt.late) ? "after a hint" : "open";
}

/** What is said to an answer. */
export function note(question, judged, record, thoughts) {
  const answer = repeated(judged.value);
  const form = judged.note ? ` ${judged.note}` : "";
  if (record.tries.at(-1).late) {
    const first = repeated(record.tries[0].answer);
    return `${answer} is a change after the answer was shown; your first, ${first}, counts.`;
  }
  if (judged.verdict === "right") return `${answer} is right.${form} Read on to see why.`;
  const known = thoughts[judged.thought];
  if (judged.verdict === "noted") {
    const doubted = known && judged.thought !== judged.inForm; // the form is spoken of already
    const doubt = doubted ? ` It looks as if ${known.thought}. ${known.hint}` : "";
    return `${answer} is noted.${form}${doubt} Change it if you like, or read on to see.`;
  }
  const told = known
    ? `it looks as if ${known.thought}. ${known.hint}`
    : `that is not it, and we do not know the thought behind it. ${question.hint}`;
  return `${answer}: ${told}${form} Try again, or read on to see.`;
}

/** How the prediction was, once the answer is shown. */
export function verdict(record, thoughts) {
  const [first] = record.tries;
  const known = thoughts[first.thought];
  const behind = known && !first.right ? `: it looks as if ${known.thought}` : "";
  const how = outcome(record);
  if (how === "at once") return "You predicted it.";
  if (how === "after a hint") {
    return `You had it after a hint; your first answer was ${repeated(first.answer)}${behind}.`;
  }
  const late = record.tries.at(-1).late;
  const changed = late ? " A change after the answer was shown does not count." : "";
  return `You predicted ${repeated(first.answer)}${behind}.${changed}`;
}
