// What the reader has answered and chosen: kept in this browser alone, and forgotten on demand.

const ANSWERS = "lenet-series-answers";
const THEME = "lenet-series-theme";
const memory = new Map(); // where the browser keeps nothing, for example in a private window

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return memory.get(name) ?? null;
  }
}

function keep(name, text) {
  memory.set(name, text);
  try {
    localStorage.setItem(name, text);
  } catch {
    // It stays in memory.
  }
}

function answers() {
  try {
    return JSON.parse(kept(ANSWERS)) ?? {};
  } catch {
    return {}; // damaged, or from elsewhere
  }
}

/** The record of a question: {tries: [{text, answer, right, thought, late}], shown}; or undefined. */
export const recordOf = (notebook, key) => answers()[notebook]?.[key];

/** Keep the record of a question. */
export function keepRecord(notebook, key, record) {
  const all = answers();
  all[notebook] = { ...all[notebook], [key]: record };
  keep(ANSWERS, JSON.stringify(all));
}

/** Forget every answer, of all pages. */
export const forgetAnswers = () => keep(ANSWERS, "{}");

/** "light" or "dark", where the reader has chosen; else null. */
export const chosenTheme = () => kept(THEME);

/** Keep the reader's choice. */
export const chooseTheme = (theme) => keep(THEME, theme);
