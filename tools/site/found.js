// Where a search leads: its words are marked there, and readers of screens go on from there.

const KEY = "lenet-series-search";
const MARKED = "found"; // the name in site.css

/** Keep the words that were searched for the page that a result leads to. */
export function keepSearch(terms) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(terms));
  } catch {
    // this browser keeps nothing: the page is opened without marks
  }
}

function takeSearch() {
  try {
    const terms = JSON.parse(sessionStorage.getItem(KEY)) ?? [];
    sessionStorage.removeItem(KEY);
    return terms;
  } catch {
    return [];
  }
}

/** The texts from `start` to the next heading of a section, or of its paragraph alone. */
function textsFrom(start) {
  const root = start.matches("p") ? start : document.querySelector("main");
  const next = [...root.querySelectorAll("h2")].find(
    (heading) => start.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (next && next.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING) break;
    const before = text.compareDocumentPosition(start) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (!before || start.contains(text)) texts.push(text);
  }
  return texts;
}

function rangesOf(term, texts, fold) {
  return texts.flatMap((text) => {
    const words = fold(text.data);
    const ranges = [];
    for (let at = words.indexOf(term); at >= 0; at = words.indexOf(term, at + term.length)) {
      const range = new Range();
      range.setStart(text, at);
      range.setEnd(text, at + term.length);
      ranges.push(range);
    }
    return ranges;
  });
}

/** Mark what was searched where the address leads; `fold` is how texts are compared. */
export function showFound(fold) {
  const terms = takeSearch();
  if (!terms.length) return;
  const id = decodeURIComponent(location.hash.slice(1));
  const place = document.getElementById(id) ?? document.querySelector("main");
  place.tabIndex = -1;
  place.focus({ preventScroll: Boolean(id) });
  if (!globalThis.Highlight) return; // an older browser
  const texts = textsFrom(place);
  const ranges = terms.flatMap((term) => rangesOf(term, texts, fold));
  CSS.highlights.set(MARKED, new Highlight(...ranges));
}
