// A convolution or a pooling, cell by cell: where the kernel lies, what it adds up, what is left out.
//
// render({model, el}) is the contract of anywidget; model.get("settings") is what conv_explorer.py
// packed. size() and compute() are exported so that tests can hold them to PyTorch.

export const RANGES = {
  height: [1, 32], width: [1, 32], kernel: [1, 5], stride: [1, 4], padding: [0, 3], dilation: [1, 3],
};
const CAPTIONS = { kernel: "kernel", stride: "stride", padding: "padding", dilation: "dilation" };
const KINDS = { conv: "convolution", avg: "average pooling", max: "max pooling" };

export const PRESETS = {
  "LeNet, first convolution": { input: [28, 28], kernel: [5, 5], stride: [1, 1], padding: [2, 2], dilation: [1, 1], kind: "conv" },
  "LeNet, first pooling": { input: [28, 28], kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], kind: "avg" },
  "LeNet, second convolution": { input: [14, 14], kernel: [5, 5], stride: [1, 1], padding: [0, 0], dilation: [1, 1], kind: "conv" },
  "LeNet, second pooling": { input: [10, 10], kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], kind: "avg" },
  "class version, first convolution": { input: [28, 28], kernel: [5, 5], stride: [1, 1], padding: [0, 0], dilation: [1, 1], kind: "conv" },
  "class version, second pooling": { input: [8, 8], kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], kind: "max" },
};

// The sizes along one side: the input with its padding, the kernel's reach, the output.
export function size(n, k, s, p, d) {
  const padded = n + 2 * p, reach = d * (k - 1) + 1;
  return { padded, reach, output: reach > padded ? 0 : Math.floor((padded - reach) / s) + 1 };
}

// The numbers of the picture and of the kernel: small, the same every time.
export const pixel = (row, column) => (7 * row + 3 * column) % 10;
export const weight = (i, j) => ((2 * i + 3 * j + i * j) % 5) - 2;

const sides = (set) => [0, 1].map((a) => size(set.input[a], set.kernel[a], set.stride[a], set.padding[a], set.dilation[a]));

// The taps of output cell (row, column): places in the padded input, values, weights, products.
export function taps(set, row, column) {
  const found = [];
  for (let i = 0; i < set.kernel[0]; i++) for (let j = 0; j < set.kernel[1]; j++) {
    const r = row * set.stride[0] + i * set.dilation[0], c = column * set.stride[1] + j * set.dilation[1];
    const y = r - set.padding[0], x = c - set.padding[1];
    const inside = y >= 0 && x >= 0 && y < set.input[0] && x < set.input[1];
    const value = inside ? pixel(y, x) : set.kind === "max" ? -Infinity : 0;
    found.push({ r, c, inside, value, w: set.kind === "conv" ? weight(i, j) : 1 });
  }
  return found;
}

export function cell(set, row, column) {
  const found = taps(set, row, column);
  if (set.kind === "max") return Math.max(...found.map((t) => t.value));
  const sum = found.reduce((a, t) => a + t.value * t.w, 0);
  return set.kind === "avg" ? sum / found.length : sum;
}

// The whole output: {rows, columns, values}, row by row.
export function compute(set) {
  const [down, across] = sides(set), values = [];
  for (let r = 0; r < down.output; r++) for (let c = 0; c < across.output; c++) values.push(cell(set, r, c));
  const empty = !down.output || !across.output;
  return { rows: empty ? 0 : down.output, columns: empty ? 0 : across.output, values };
}

// The rows (axis 0) or columns (axis 1) of the padded input that no tap ever reaches.
export function unvisited(set, axis) {
  const { padded, output } = sides(set)[axis], seen = new Set();
  for (let o = 0; o < output; o++) for (let t = 0; t < set.kernel[axis]; t++) seen.add(o * set.stride[axis] + t * set.dilation[axis]);
  return [...Array(padded).keys()].filter((i) => !seen.has(i));
}

const STYLE = `
.ce{--ink:#1b1b1b;--ground:#fff;--faint:#595959;--line:#767676;--pixel:#dcebf7;--tap:#f6c48a;--tapink:#1b1b1b;--done:#d5efe3;--mark:#b34700;
  font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground);padding:8px}
.ce[data-theme=dark]{--ink:#f0f0f0;--ground:#111;--faint:#b8b8b8;--line:#9a9a9a;--pixel:#17324a;--tap:#8a4b00;--tapink:#fff;--done:#12402f;--mark:#ffa25c}
.ce *{box-sizing:border-box}.ce p{margin:4px 0}
.ce .controls{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:2px 18px}
.ce .pair{display:grid;grid-template-columns:62px 1fr 1fr;gap:6px;align-items:center}
.ce .pair label{display:grid;grid-template-columns:minmax(40px,1fr) 22px;gap:4px;align-items:center;min-width:0}
.ce input[type=range]{width:100%;min-width:0;height:24px;margin:0}
.ce button,.ce select{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--line);border-radius:4px;min-height:28px;padding:2px 8px;max-width:100%}
.ce :focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.ce .row{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin:6px 0}
.ce .row .scrub{flex:1 1 160px}
.ce .grids{display:flex;flex-wrap:wrap;gap:20px;align-items:flex-start}
.ce figure{margin:0;min-width:0;max-width:100%}.ce figcaption{font-weight:600;font-size:13px}
.ce svg{display:block;max-width:100%;height:auto;touch-action:none}
.ce svg text{fill:var(--ink);text-anchor:middle;dominant-baseline:central;font-variant-numeric:tabular-nums;pointer-events:none}
.ce .formula,.ce .sum{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}
.ce .faint{color:var(--faint)}.ce .warn{font-weight:600;color:var(--mark)}
`;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}
const SVG = "http://www.w3.org/2000/svg";
function draw(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}
const minus = (x) => String(x).replace("-", "−");
const told = (x) => (x === -Infinity ? "−∞" : minus(Number.isInteger(x) ? x : x.toFixed(2)));

export function render({ model, el }) {
  const set = structuredClone(model.get("settings"));
  let at = 0, timer = null, count = 0, filled = 1;
  const root = make("div", { class: "ce" });
  el.append(make("style", {}, STYLE), root);

  // ---- controls
  const kind = make("select", { onchange: () => { set.kind = kind.value; changed(); } },
    ...Object.entries(KINDS).map(([key, name]) => make("option", { value: key }, name)));
  const preset = make("select", {
    onchange: () => { if (PRESETS[preset.value]) { Object.assign(set, structuredClone(PRESETS[preset.value])); changed(true); } },
  }, make("option", { value: "" }, "your own sizes"), ...Object.keys(PRESETS).map((name) => make("option", { value: name }, name)));
  const controls = make("div", { class: "controls" }), sliders = [];
  for (const name of ["input", "kernel", "stride", "padding", "dilation"]) {
    const pair = make("div", { class: "pair", role: "group", "aria-label": name }, make("span", {}, CAPTIONS[name] || "input"));
    for (const axis of [0, 1]) {
      const [low, high] = RANGES[name === "input" ? ["height", "width"][axis] : name];
      const value = make("output", {});
      const slider = make("input", {
        type: "range", min: low, max: high, "aria-label": `${name}, ${["height", "width"][axis]}`,
        oninput: () => { set[name][axis] = Number(slider.value); preset.value = ""; changed(); },
      });
      sliders.push({ slider, value, name, axis });
      pair.append(make("label", { title: ["height", "width"][axis] }, slider, value));
    }
    controls.append(pair);
  }
  const play = make("button", { type: "button", onclick: () => (timer ? pause() : start()) }, "▶ Play");
  const scrub = make("input", {
    type: "range", min: 0, class: "scrub", "aria-label": "output cell",
    oninput: () => { pause(); go(Number(scrub.value)); },
  });
  const back = make("button", { type: "button", onclick: () => { pause(); go(at - 1); } }, "◀ Step back");
  const forth = make("button", { type: "button", onclick: () => { pause(); go(at + 1); } }, "Step ▶");
  const formulas = make("div", { class: "formula", "aria-live": "polite" });
  const words = make("div", { "aria-live": "polite" });
  const sum = make("p", { class: "sum", "aria-live": "polite" });
  const grids = make("div", { class: "grids" });
  root.append(
    make("div", { class: "row" }, make("label", {}, "operation ", kind), make("label", {}, "preset ", preset),
      make("span", { class: "faint" }, "In each pair: height, then width.")),
    controls, formulas, words, make("div", { class: "row" }, back, play, forth, scrub), sum, grids);

  function start() {
    if (!count) return;
    if (at >= count - 1) { filled = 0; go(0); }
    play.textContent = "❚❚ Pause";
    timer = setInterval(() => (at < count - 1 ? go(at + 1) : pause()), 600);
  }
  function pause() { clearInterval(timer); timer = null; play.textContent = "▶ Play"; }

  // ---- the three grids
  let input = [], output = [], shown = [], outputSvg = null, unit = 30;
  function grid(rows, columns, cellSize, label, paint) {
    const svg = draw("svg", {
      viewBox: `-1 -1 ${columns * cellSize + 2} ${rows * cellSize + 2}`,
      width: columns * cellSize + 2, height: rows * cellSize + 2, role: "img", "aria-label": label,
    });
    const cells = [];
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
      const rect = draw("rect", { x: c * cellSize, y: r * cellSize, width: cellSize, height: cellSize, stroke: "var(--line)" });
      const text = cellSize >= 15 ? draw("text", { x: (c + 0.5) * cellSize, y: (r + 0.5) * cellSize, "font-size": Math.min(14, cellSize * 0.46) }) : null;
      svg.append(rect, ...(text ? [text] : []));
      const entry = { rect, text, r, c };
      paint(entry);
      cells.push(entry);
    }
    return { svg, cells };
  }
  const figure = (caption, svg) => make("figure", {}, make("figcaption", {}, caption), svg);
  const write = (entry, text) => { if (entry.text) entry.text.textContent = text; };

  function changed(fromPreset) {
    pause();
    const averaging = set.kind === "avg";
    if (averaging) set.dilation = [1, 1]; // PyTorch's average pooling has no dilation
    for (const { slider, value, name, axis } of sliders) {
      slider.value = set[name][axis];
      value.textContent = set[name][axis];
      slider.disabled = averaging && name === "dilation";
    }
    kind.value = set.kind;
    if (!fromPreset && !preset.value) preset.value = "";
    const [down, across] = sides(set), result = compute(set);
    count = result.values.length;
    scrub.max = Math.max(count - 1, 0);
    for (const control of [scrub, play, back, forth]) control.disabled = !count;
    tellSizes(down, across);
    const widest = Math.max(down.padded, across.padded);
    const room = Math.min(440, (root.clientWidth || 600) - 20);
    unit = Math.max(9, Math.min(34, Math.floor(room / widest)));
    const left = grid(down.padded, across.padded, unit,
      `Input of ${set.input.join(" by ")}, with padding ${down.padded} by ${across.padded}.`, (entry) => {
        const y = entry.r - set.padding[0], x = entry.c - set.padding[1];
        entry.inside = y >= 0 && x >= 0 && y < set.input[0] && x < set.input[1];
        if (!entry.inside) entry.rect.setAttribute("stroke-dasharray", "3 2");
        write(entry, entry.inside ? pixel(y, x) : set.kind === "max" ? "−∞" : 0);
      });
    input = left.cells;
    const small = Math.max(unit, 20);
    const middle = set.kind === "conv" && grid(set.kernel[0], set.kernel[1], small, `Kernel of ${set.kernel.join(" by ")}.`, (entry) => {
      entry.rect.setAttribute("fill", "var(--tap)");
      write(entry, minus(weight(entry.r, entry.c)));
      entry.text.style.fill = "var(--tapink)";
    });
    shown = result.values;
    const right = count ? grid(result.rows, result.columns, Math.max(unit, Math.min(30, Math.floor(room / Math.max(result.rows, result.columns)))), "", (entry) => {
      entry.rect.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") { pause(); go(entry.r * result.columns + entry.c); } });
      entry.rect.addEventListener("click", () => { pause(); go(entry.r * result.columns + entry.c); });
    }) : null;
    output = right ? right.cells : [];
    outputSvg = right?.svg;
    if (outputSvg) {
      outputSvg.setAttribute("tabindex", 0);
      outputSvg.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -result.columns, ArrowDown: result.columns, Home: -count, End: count }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        pause();
        go(at + step);
      });
    }
    grids.replaceChildren(figure(`input ${set.input.join("×")}${set.padding.some(Boolean) ? ", padding dashed" : ""}`, left.svg),
      ...(middle ? [figure(`kernel ${set.kernel.join("×")}`, middle.svg)] : []),
      ...(right ? [figure(`output ${result.rows}×${result.columns}`, right.svg)] : []));
    filled = 0;
    model.set("settings", structuredClone(set));
    go(Math.min(at, Math.max(count - 1, 0)));
  }

  function tellSizes(down, across) {
    formulas.replaceChildren(...[down, across].map((side, a) => {
      const name = ["height", "width"][a], [n, k, s, p, d] = [set.input[a], set.kernel[a], set.stride[a], set.padding[a], set.dilation[a]];
      const head = `${name}: ⌊(${n} + 2·${p} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1`;
      if (!side.output) return make("p", {}, `${head} → no output`);
      const inner = n + 2 * p - d * (k - 1) - 1;
      return make("p", {}, `${head} = ⌊${inner} / ${s}⌋ + 1 = ${side.output}`);
    }));
    const lines = [];
    [down, across].forEach((side, a) => {
      const name = ["height", "width"][a], line = ["row", "column"][a];
      if (!side.output) {
        lines.push(make("p", { class: "warn" }, `No output in ${name}: the kernel reaches ${side.reach}, the padded input is ${side.padded}.`));
        return;
      }
      const left = unvisited(set, a), end = left.filter((i) => i > (side.output - 1) * set.stride[a] + side.reach - 1);
      if (end.length) {
        const many = end.length > 1;
        lines.push(make("p", {}, `The floor leaves out the last ${many ? `${end.length} ${line}s` : line}: one more step of ${set.stride[a]} would reach past the end.`));
      }
      const between = left.length - end.length;
      if (between) lines.push(make("p", {}, `${between} ${line}${between > 1 ? "s" : ""} between the taps ${between > 1 ? "are" : "is"} never visited.`));
    });
    if (set.kind !== "conv") {
      [0, 1].forEach((a) => {
        if (2 * set.padding[a] > set.kernel[a]) lines.push(make("p", { class: "warn" }, `PyTorch refuses this pooling: the padding ${set.padding[a]} (${["height", "width"][a]}) is more than half of the kernel ${set.kernel[a]}.`));
      });
    }
    if (set.kind === "avg") lines.push(make("p", { class: "faint" }, "Average pooling has no dilation in PyTorch."));
    words.replaceChildren(...lines);
  }

  function go(next) {
    if (count) at = Math.min(Math.max(next, 0), count - 1);
    filled = Math.max(filled, at + 1);
    scrub.value = at;
    const columns = sides(set)[1].output, row = Math.floor(at / columns), column = at % columns;
    model.set("cell", count ? [row, column] : null); // a widget tells Python, a page nobody
    model.save_changes();
    const lit = count ? taps(set, row, column) : [];
    const places = new Set(lit.map((t) => `${t.r},${t.c}`));
    for (const entry of input) {
      const on = places.has(`${entry.r},${entry.c}`);
      entry.rect.setAttribute("fill", on ? "var(--tap)" : entry.inside ? "var(--pixel)" : "var(--ground)");
      entry.rect.setAttribute("stroke-width", on ? 2 : 1);
      if (entry.text) entry.text.style.fill = on ? "var(--tapink)" : "";
    }
    output.forEach((entry, i) => {
      entry.rect.setAttribute("fill", i === at ? "var(--tap)" : i < filled ? "var(--done)" : "var(--ground)");
      entry.rect.setAttribute("stroke-width", i === at ? 2 : 1);
      if (entry.text) entry.text.style.fill = i === at ? "var(--tapink)" : "";
      write(entry, i < filled ? told(shown[i]) : "");
    });
    if (!count) { sum.textContent = ""; return; }
    const text = spell(lit, shown[at]);
    sum.textContent = `output row ${row}, column ${column}: ${text}`;
    scrub.setAttribute("aria-valuetext", `row ${row}, column ${column}: ${told(shown[at])}`);
    outputSvg.setAttribute("aria-label", `Output. Row ${row}, column ${column} is ${told(shown[at])}. Arrow keys choose a cell.`);
  }

  function spell(lit, value) {
    if (set.kind === "max") return `the largest of ${lit.map((t) => told(t.value)).join(", ")} = ${told(value)}`;
    if (set.kind === "avg") return `(${lit.map((t) => t.value).join(" + ")}) / ${lit.length} = ${told(value)}`;
    return `${lit.map((t) => `${t.value}·${t.w < 0 ? `(${minus(t.w)})` : t.w}`).join(" + ")} = ${told(value)}`;
  }

  let wide = 0;
  new ResizeObserver(() => { if (Math.abs(root.clientWidth - wide) > 30) { wide = root.clientWidth; changed(true); } }).observe(root);
  changed();
}
