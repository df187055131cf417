// How many predictions were right, and what to read about again.

import { recordOf } from "./kept.js";
import { outcome } from "./record.js";
import { element } from "./element.js";

/** Show it in `place`. */
export function showTally(place, { notebook, questions, thoughts }) {
  const found = questions.map(({ key }) => [key, recordOf(notebook, key)]);
  const records = found.filter(([, record]) => record);
  const open = records.filter(([, record]) => outcome(record) === "open").map(([key]) => key);
  const count = (how) => records.filter(([, record]) => outcome(record) === how).length;
  const named = open.length ? ` (${open.join(", ")})` : "";
  const line =
    `Predictions: ${count("at once")} right at once, ${count("after a hint")} right after a ` +
    `hint, ${open.length} still open${named}, ${questions.length - records.length} not made.`;
  place.replaceChildren(element("p", {}, line));
  const met = records.flatMap(([, record]) => record.tries.map((attempt) => attempt.thought));
  const known = [...new Set(met)].map((key) => thoughts[key]).filter(Boolean);
  if (!known.length) return;
  const items = known.map(({ thought, link, place: where }) =>
    element("li", {}, `${thought}: `, element("a", { href: link }, where)),
  );
  place.append(element("p", {}, "To read again:"), element("ul", {}, ...items));
}
