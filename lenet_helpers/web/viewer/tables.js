// The products of a sum as tables; a unit whose terms have no products needs none.

import { make } from "../dom.js";
import { digits, indices } from "../numbers.js";

const row = (tag, texts, attributes = {}) =>
  make("tr", {}, ...texts.map((text) => make(tag, attributes, text)));

const table = (caption, ...rows) => make("table", {}, make("caption", {}, caption), ...rows);

const pieces = (terms, size) =>
  indices(terms.length / size).map((i) => terms.slice(i * size, (i + 1) * size));

// The product, as many digits as in the sums, and under it what is multiplied.
function productCell({ from: [, y, x], x: value, w, product, padding }) {
  const where = padding ? "padding" : `row ${y}, column ${x}`;
  const factors = make("span", { class: "faint" }, `${digits(value, 4)}·${digits(w, 4)}`);
  return make("td", { title: where }, make("b", {}, digits(product, 4)), factors);
}

// The products in one input map, laid out as the kernel is.
function tableOfMap(terms, width) {
  const sum = terms.reduce((all, term) => all + term.product, 0);
  const rows = pieces(terms, width).map((inRow) => make("tr", {}, ...inRow.map(productCell)));
  return table(`input map ${terms[0].from[0]}: ${digits(sum, 4)}`, ...rows);
}

function tablesOfMaps({ kernel: [height, width] }, terms) {
  const tables = pieces(terms, height * width).map((inMap) => tableOfMap(inMap, width));
  const rounded = "Each number is rounded to four digits: sums of them may end on another one.";
  return make("div", { class: "grids" }, make("p", { class: "faint" }, rounded), ...tables);
}

function ranking(terms) {
  const ranked = terms.slice().sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  return table(
    "all products, the largest first",
    row("th", ["input", "value", "weight", "product"], { scope: "col" }),
    ...ranked.map(({ from: [unit], x, w, product }) =>
      row("td", [String(unit), digits(x, 4), digits(w, 4), digits(product, 4)]),
    ),
  );
}

export function productTables(layer, { terms }) {
  if (terms[0].product === undefined) return [];
  return [layer.kernel ? tablesOfMaps(layer, terms) : ranking(terms)];
}
