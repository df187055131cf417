// Which known words are nearest to a written one: what Python's difflib.get_close_matches gives.

function longestMatch(a, b, [aFrom, aTo, bFrom, bTo]) {
  let best = [aFrom, bFrom, 0];
  let before = new Map(); // end in b -> length of the match that ends there
  for (let i = aFrom; i < aTo; i += 1) {
    const now = new Map();
    for (let j = bFrom; j < bTo; j += 1) {
      if (a[i] === b[j]) {
        const length = (before.get(j - 1) ?? 0) + 1;
        now.set(j, length);
        if (length > best[2]) best = [i - length + 1, j - length + 1, length];
      }
    }
    before = now;
  }
  return best;
}

function matching(a, b, [aFrom, aTo, bFrom, bTo]) {
  if (aFrom >= aTo || bFrom >= bTo) return 0;
  const [i, j, length] = longestMatch(a, b, [aFrom, aTo, bFrom, bTo]);
  if (!length) return 0;
  const left = matching(a, b, [aFrom, i, bFrom, j]);
  return left + length + matching(a, b, [i + length, aTo, j + length, bTo]);
}

/** How alike two texts are, from 0 to 1: twice the signs that match, over all signs. */
function likeness(a, b) {
  const all = a.length + b.length;
  return all ? (2 * matching(a, b, [0, a.length, 0, b.length])) / all : 1;
}

/** The words that are most like `written`, all as like, if they are at least `cutoff` alike. */
export function nearest(written, words, cutoff) {
  const scored = words.map((word) => [likeness(word, written), word]);
  const close = scored.filter(([score]) => score >= cutoff);
  close.sort(([score, word], [other, last]) => other - score || (word < last ? 1 : -1));
  return close.filter(([score]) => score === close[0][0]).map(([, word]) => word);
}
