// Search: finds the sections that have all the words. The index is loaded when it is wanted.

import { element } from "./element.js";
import { keepSearch, showFound } from "./found.js";

const MOST = 8; // results
const AROUND = 60; // signs on each side of a word that was found

// As it is compared: "5x5" is what is typed for "5×5".
const folded = (text) => text.toLowerCase().replaceAll("×", "x");

const termsOf = (wanted) => folded(wanted).split(/\s+/).filter(Boolean);

function score({ heading, page, words }, terms) {
  const [inHeading, inPage, inWords] = [heading, page, words].map(folded);
  let sum = inHeading === terms.join(" ") ? 100 : 0; // what a word means, from the glossary
  for (const term of terms) {
    const times = inWords.split(term).length - 1;
    const found = (inHeading.includes(term) && 20) + (inPage.includes(term) && 3) + times;
    if (!found) return 0;
    sum += found;
  }
  return sum;
}

/** The sections that have all words of `wanted`, the best at first. */
export function searched(index, wanted) {
  const terms = termsOf(wanted);
  if (!terms.length) return [];
  const scored = index.map((entry) => [score(entry, terms), entry]).filter(([sum]) => sum);
  scored.sort(([sum], [next]) => next - sum);
  return scored.slice(0, MOST).map(([, entry]) => ({ ...entry, at: terms[0] }));
}

function excerpt({ words, at }) {
  const place = Math.max(0, folded(words).indexOf(at));
  const from = place > AROUND ? words.lastIndexOf(" ", place - AROUND) + 1 : 0;
  const end = words.indexOf(" ", place + AROUND);
  const shownWords = end < 0 ? words.slice(from) : `${words.slice(from, end)} …`;
  return (from ? "… " : "") + shownWords;
}

function result(entry) {
  const where = entry.heading === entry.page ? "" : ` (${entry.page})`;
  const link = element("a", { href: entry.link }, entry.heading);
  return element("li", {}, link, where, element("p", {}, excerpt(entry)));
}

function loaded() {
  if (globalThis.lenetIndex) return Promise.resolve(globalThis.lenetIndex);
  return new Promise((resolve) => {
    const script = element("script", { src: "index.js" });
    script.addEventListener("load", () => resolve(globalThis.lenetIndex));
    document.head.append(script);
  });
}

/** Let the search field find. */
export function startSearch() {
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const show = async () => {
    const entries = searched(await loaded(), input.value);
    const list = element("ul", {}, ...entries.map(result));
    found.replaceChildren(entries.length ? list : element("p", {}, "Nothing was found."));
    found.hidden = !input.value.trim();
  };
  const close = () => {
    found.hidden = true;
  };
  input.addEventListener("input", show);
  found.addEventListener("click", ({ target }) => {
    if (target.closest("a")) keepSearch(termsOf(input.value));
  });
  addEventListener("hashchange", () => showFound(folded));
  showFound(folded);
  input.parentElement.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") {
      close();
      input.focus(); // it may have been on a result
    }
    if (key === "Enter" && document.activeElement === input) found.querySelector("a")?.click();
  });
  document.addEventListener("click", ({ target }) => {
    if (!input.parentElement.contains(target) || target.closest("a")) close();
  });
}
