// Every layer of a network on one picture: maps, arithmetic, receptive fields, kernels.
//
// render({model, el}) is the contract of anywidget; model.get(name) gives the data that
// lenet_viewer.py packed. forward() and receptiveField() are exported so that tests can hold them
// to PyTorch. Nothing is loaded and nothing is sent.

// ------------------------------------------------------------------ arithmetic

export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

export function unpack(net) {
  const layers = net.layers.map((layer) => ({
    ...layer,
    weight: layer.weight ? floats(layer.weight) : null,
    bias: layer.bias ? floats(layer.bias) : null,
  }));
  return { ...net, layers };
}

const ACTIVATIONS = {
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
  ReLU: (x) => Math.max(x, 0),
};

const area = (shape) => shape.reduce((a, b) => a * b, 1);

// The places of the window of unit (row, column) that lie on the picture: [row, column, tap].
function windowOf(layer, shape, row, column) {
  const [kh, kw] = layer.kernel, [sh, sw] = layer.stride;
  const [ph, pw] = layer.padding, [dh, dw] = layer.dilation;
  const places = [];
  for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) {
    const y = row * sh - ph + i * dh, x = column * sw - pw + j * dw;
    places.push([y, x, i * kw + j, y >= 0 && y < shape[1] && x >= 0 && x < shape[2]]);
  }
  return places;
}

function convolve(layer, input, shape, output) {
  const [channels, height, width] = shape, [maps, rows, columns] = layer.shape;
  const [kh, kw] = layer.kernel, [sh, sw] = layer.stride;
  const [ph, pw] = layer.padding, [dh, dw] = layer.dilation, { weight, bias } = layer;
  const sums = new Float64Array(columns);
  for (let m = 0; m < maps; m++) for (let r = 0; r < rows; r++) {
    sums.fill(bias ? bias[m] : 0);
    for (let c = 0; c < channels; c++) for (let i = 0; i < kh; i++) {
      const y = r * sh - ph + i * dh;
      if (y < 0 || y >= height) continue;
      const from = (c * height + y) * width;
      for (let j = 0; j < kw; j++) {
        const w = weight[((m * channels + c) * kh + i) * kw + j], shift = j * dw - pw;
        for (let k = 0; k < columns; k++) {
          const x = k * sw + shift;
          if (x >= 0 && x < width) sums[k] += w * input[from + x];
        }
      }
    }
    output.set(sums, (m * rows + r) * columns);
  }
}

// The number of places that an average is divided by: padding counts, what lies beyond it does not.
function divisor(layer, shape, row, column) {
  if (!layer.count_padding) {
    return windowOf(layer, shape, row, column).filter((place) => place[3]).length;
  }
  return layer.kernel[0] * layer.kernel[1];
}

function pool(layer, input, shape, output) {
  const [, height, width] = shape, [maps, rows, columns] = layer.shape;
  const [kh, kw] = layer.kernel, [sh, sw] = layer.stride;
  const [ph, pw] = layer.padding, [dh, dw] = layer.dilation;
  const largest = layer.kind === "MaxPool2d";
  for (let m = 0; m < maps; m++) for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
    let value = largest ? -Infinity : 0, seen = 0;
    for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) {
      const y = r * sh - ph + i * dh, x = c * sw - pw + j * dw;
      if (y < 0 || x < 0 || y >= height || x >= width) continue;
      const v = input[(m * height + y) * width + x];
      seen++;
      value = largest ? Math.max(value, v) : value + v;
    }
    const share = largest ? 1 : layer.count_padding ? kh * kw : seen;
    output[(m * rows + r) * columns + c] = value / share;
  }
}

// Return the values of every layer, the picture itself first.
export function forward(net, picture) {
  const values = [picture];
  net.layers.forEach((layer, index) => {
    const input = values[index], output = new Float32Array(area(layer.shape));
    const shape = index ? net.layers[index - 1].shape : net.input;
    if (layer.kind === "Conv2d") convolve(layer, input, shape, output);
    else if (layer.kind.endsWith("Pool2d")) pool(layer, input, shape, output);
    else if (layer.kind === "Linear") {
      const n = input.length;
      for (let o = 0; o < output.length; o++) {
        let sum = layer.bias ? layer.bias[o] : 0;
        for (let i = 0; i < n; i++) sum += layer.weight[o * n + i] * input[i];
        output[o] = sum;
      }
    } else if (layer.kind in ACTIVATIONS) {
      const act = ACTIVATIONS[layer.kind];
      for (let i = 0; i < input.length; i++) output[i] = act(input[i]);
    } else output.set(input); // Flatten, Reshape: the same numbers in another shape
    values.push(output);
  });
  return values;
}

export function softmax(logits) {
  const top = Math.max(...logits), e = Array.from(logits, (x) => Math.exp(x - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

// A unit's index as [map, row, column], or [index] in a flat layer.
export function placeOf(shape, index) {
  if (shape.length < 3) return [index];
  const [, h, w] = shape;
  return [Math.floor(index / (h * w)), Math.floor(index / w) % h, index % w];
}

function middleOf([, h, w]) { // the middle unit of the first map: one that sees no padding
  return h === undefined ? 0 : Math.floor(h / 2) * w + Math.floor(w / 2);
}

// The rectangle of the picture that unit `index` of layer `at` depends on: [top, left, bottom,
// right], ends included; at 0 is the first layer after the picture.
export function receptiveField(net, at, index) {
  const shapeAt = (i) => (i < 0 ? net.input : net.layers[i].shape);
  let box = null; // null: all of the layer before
  const place = placeOf(shapeAt(at), index);
  if (place.length === 3) box = [place[1], place[2], place[1], place[2]];
  let flat = place.length === 3 ? null : index;
  for (let i = at; i >= 0; i--) {
    const layer = net.layers[i], before = shapeAt(i - 1);
    if (layer.kind === "Linear") { box = null; flat = null; }
    else if (layer.kernel && box) {
      const reach = layer.kernel.map((k, a) => (k - 1) * layer.dilation[a]);
      const low = [0, 1].map((a) => box[a] * layer.stride[a] - layer.padding[a]);
      const high = [0, 1].map((a) => box[a + 2] * layer.stride[a] - layer.padding[a] + reach[a]);
      box = [...low.map((v) => Math.max(v, 0)),
        ...high.map((v, a) => Math.min(v, before[a + 1] - 1))];
    } else if (flat !== null && before.length === 3) { // one unit of a flattened layer
      const [, r, c] = placeOf(before, flat);
      box = [r, c, r, c];
      flat = null;
    }
  }
  return box || [0, 0, net.input[1] - 1, net.input[2] - 1];
}

// What a unit is made of: {terms: [{from, x, w, product}], bias, value, rule}.
export function explain(net, values, at, index) {
  const layer = net.layers[at], input = values[at], value = values[at + 1][index];
  const shape = at ? net.layers[at - 1].shape : net.input, place = placeOf(layer.shape, index);
  if (layer.kind === "Conv2d") {
    const terms = [], taps = layer.kernel[0] * layer.kernel[1], [m, r, c] = place;
    for (let ch = 0; ch < shape[0]; ch++) {
      for (const [y, x, tap, inside] of windowOf(layer, shape, r, c)) {
        const v = inside ? input[(ch * shape[1] + y) * shape[2] + x] : 0;
        const w = layer.weight[(m * shape[0] + ch) * taps + tap];
        terms.push({ from: [ch, y, x], x: v, w, product: v * w, padding: !inside });
      }
    }
    return { terms, bias: layer.bias ? layer.bias[m] : 0, value };
  }
  if (layer.kernel) {
    const [m, r, c] = place, places = windowOf(layer, shape, r, c);
    const seen = layer.kind === "MaxPool2d" ? places.filter((p) => p[3]) : places;
    const terms = seen.filter((p) => p[3] || layer.count_padding).map(([y, x, , inside]) => ({
      from: [m, y, x], padding: !inside,
      x: inside ? input[(m * shape[1] + y) * shape[2] + x] : 0,
    }));
    return { terms, value, divisor: divisor(layer, shape, r, c) };
  }
  if (layer.kind === "Linear") {
    const n = input.length;
    const terms = Array.from(input, (x, i) => {
      const w = layer.weight[index * n + i];
      return { from: [i], x, w, product: x * w };
    });
    return { terms, bias: layer.bias ? layer.bias[index] : 0, value };
  }
  return { terms: [{ from: placeOf(shape, index), x: input[index] }], value };
}

// ------------------------------------------------------------------ drawings against the data

// How a picture lies in its frame: its box, the middle of that, and its ink.
export function measure(picture, [, height, width]) {
  let top = height, left = width, bottom = -1, right = -1, ink = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const v = picture[y * width + x];
    ink += v;
    if (v < 0.1) continue;
    top = Math.min(top, y); bottom = Math.max(bottom, y);
    left = Math.min(left, x); right = Math.max(right, x);
  }
  if (bottom < 0) return null;
  const box = (bottom - top + 1) * (right - left + 1);
  return {
    top, left, bottom, right, longest: Math.max(bottom - top, right - left) + 1,
    down: (top + bottom + 1) / 2 - height / 2, across: (left + right + 1) / 2 - width / 2,
    fill: ink / box,
  };
}

// Say in words where a drawing differs from the pictures of the data set.
export function differences(found, usual) {
  const told = [];
  if (!found) return ["It is empty."];
  const off = (axis) => Math.abs(found[axis]) > 1.5 && Math.abs(found[axis] - usual[axis]) > 1.5;
  const where = [];
  if (off("down")) where.push(`${Math.abs(found.down)} pixels too ${found.down < 0 ? "high" : "low"}`);
  if (off("across")) {
    where.push(`${Math.abs(found.across)} pixels too far ${found.across < 0 ? "left" : "right"}`);
  }
  if (where.length) told.push(`Centre: it lies ${where.join(" and ")}.`);
  if (Math.abs(found.longest - usual.longest) > 2) {
    told.push(`Size: its longer side has ${found.longest} pixels; usual are ${usual.longest.toFixed(0)}.`);
  }
  if (found.fill < 0.6 * usual.fill || found.fill > 1.5 * usual.fill) {
    told.push(`Stroke: it fills ${(100 * found.fill).toFixed(0)} % of its box with light; usual are ` +
      `${(100 * usual.fill).toFixed(0)} %.`);
  }
  return told;
}

// Centre and scale a drawing as the data set does, and thicken its strokes.
export function likeTheData(picture, shape, usual) {
  const [, height, width] = shape, found = measure(picture, shape);
  if (!found) return picture;
  let scale = usual.longest / found.longest, out = picture;
  for (let turn = 0; turn < 4; turn++) { // enlarging blurs the edge outwards: measure, and correct
    out = placed(picture, shape, found, scale);
    const now = measure(out, shape);
    if (!now || Math.abs(now.longest - usual.longest) <= 1) break;
    scale *= usual.longest / now.longest;
  }
  for (let turn = 0; turn < 6; turn++) {
    const now = measure(out, shape);
    if (!now || now.fill >= 0.9 * usual.fill) break;
    out = thicken(out, height, width, now);
  }
  return out;
}

function placed(picture, [, height, width], box, scale) {
  const out = new Float32Array(height * width);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const v = (y - (height - 1) / 2) / scale + (box.top + box.bottom) / 2;
    const u = (x - (width - 1) / 2) / scale + (box.left + box.right) / 2;
    out[y * width + x] = bilinear(picture, height, width, v, u);
  }
  return out;
}

function bilinear(picture, height, width, y, x) {
  const y0 = Math.floor(y), x0 = Math.floor(x);
  let sum = 0;
  for (const [r, c] of [[y0, x0], [y0, x0 + 1], [y0 + 1, x0], [y0 + 1, x0 + 1]]) {
    if (r < 0 || c < 0 || r >= height || c >= width) continue;
    sum += picture[r * width + c] * (1 - Math.abs(y - r)) * (1 - Math.abs(x - c));
  }
  return sum;
}

function thicken(picture, height, width, box) {
  const out = Float32Array.from(picture);
  for (let y = box.top; y <= box.bottom; y++) for (let x = box.left; x <= box.right; x++) {
    for (const [r, c] of [[y - 1, x], [y + 1, x], [y, x - 1], [y, x + 1]]) {
      if (r < 0 || c < 0 || r >= height || c >= width) continue;
      out[y * width + x] = Math.max(out[y * width + x], 0.9 * picture[r * width + c]);
    }
  }
  return out;
}

// ------------------------------------------------------------------ the page

const STYLE = `
.lv{container-type:inline-size;--ink:#1b1b1b;--ground:#fff;--faint:#595959;--line:#767676;--accent:#0072b2;--mark:#d55e00;
  font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground);padding:8px}
.lv[data-theme=dark]{--ink:#f0f0f0;--ground:#111;--faint:#b8b8b8;--line:#9a9a9a;--accent:#56b4e9;--mark:#ff9a4d}
.lv *{box-sizing:border-box}
.lv h3{font-size:15px;margin:0 0 4px}.lv h4{font-size:13px;font-weight:600;margin:8px 0 2px}
.lv label{white-space:nowrap}.lv .chosen{border-bottom:2px solid var(--mark)}
.lv p{margin:4px 0}.lv .faint{color:var(--faint)}
.lv .columns{display:grid;grid-template-columns:232px minmax(0,1fr);gap:10px}
.lv .nets{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(280px,100%),1fr));gap:16px}
.lv canvas{display:block;max-width:100%;image-rendering:pixelated;touch-action:none}
.lv .layer canvas{cursor:crosshair}
/* The maps scroll by themselves: picture and sum stay in sight, whatever layer is looked at. */
.lv .maps{position:relative;max-height:440px;overflow-y:auto;scrollbar-width:thin;padding:0 4px 4px}
.lv .maps>.layer:first-child h4{margin-top:0}
.lv .bars{margin-bottom:8px}
.lv .pad{width:224px;height:224px;border:1px solid var(--line);cursor:crosshair}
.lv button,.lv select,.lv input{font:inherit;color:var(--ink);background:var(--ground);
  border:1px solid var(--line);border-radius:4px;min-height:26px;padding:1px 8px;margin:2px 2px 2px 0;max-width:100%}
.lv input[type=number]{width:64px}.lv input[type=range]{padding:0;width:110px;vertical-align:middle}
.lv button[aria-pressed=true]{outline:2px solid var(--accent);outline-offset:-1px}
.lv :focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.lv .picks{display:flex;flex-wrap:wrap;gap:2px}.lv .picks button{padding:1px;min-height:0;line-height:0;margin:0}
.lv .picks canvas{width:30px;height:30px}
.lv .bars{display:grid;grid-template-columns:max-content minmax(24px,1fr) max-content max-content;gap:1px 8px;align-items:center}
.lv .bars span:nth-child(4n+3),.lv .bars span:nth-child(4n){text-align:right;font-variant-numeric:tabular-nums}
.lv .bar{height:11px;background:var(--accent);min-width:1px}
.lv .best{font-weight:700}
.lv .sum{overflow:auto;max-height:330px;font-family:ui-monospace,monospace;font-size:12px}
.lv .sum:focus-visible{outline-offset:-3px}
.lv .grids{display:flex;flex-wrap:wrap;gap:10px}
.lv table{border-collapse:collapse}.lv td,.lv th{padding:1px 5px;text-align:right;white-space:nowrap;font-weight:400}
.lv td{border:1px solid color-mix(in srgb,var(--line) 45%,transparent)}
.lv .total{font-size:13px;overflow-wrap:anywhere}
.lv fieldset{border:1px solid var(--line);border-radius:6px;padding:4px 6px;margin:8px 0;min-width:0}
.lv legend{padding:0 4px}
.lv .columns>fieldset{grid-column:1/-1}
@container (min-width:980px){.lv .columns.one{grid-template-columns:204px minmax(0,1fr) 406px}
  .lv .columns.one .pad{width:196px;height:196px}
  .lv .columns.one>fieldset{grid-column:auto;align-self:start}.lv .columns.one .sum{max-height:360px}
  .lv .columns.one td{padding:1px 2px}}
@container (max-width:624px){.lv .columns{grid-template-columns:minmax(0,1fr)}}
@container (max-width:420px){.lv .maps{max-height:none}}
`;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const digits = (x, n = 3) => (Math.abs(x) < 0.5 * 10 ** -n ? 0 : x).toFixed(n).replace("-", "−");
const signed = (x, n = 3) => (x < 0 ? `(${digits(x, n)})` : digits(x, n));

// Draw equal pictures side by side, all on one scale of grey from their least to their greatest.
// One piece of pixels for the whole canvas: writing each picture by itself is slower.
function mosaic(canvas, values, count, height, width, scale, columns, chosen, mark) {
  const gap = 3, rows = Math.ceil(count / columns);
  const wide = columns * (width * scale + gap) - gap, high = rows * (height * scale + gap) - gap;
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  let least = Infinity, most = -Infinity;
  for (const v of values) { if (v < least) least = v; if (v > most) most = v; }
  const grade = 255 / (most - least || 1), g = canvas.getContext("2d", { willReadFrequently: true });
  const image = g.createImageData(wide, high), pixels = new Uint32Array(image.data.buffer);
  for (let m = 0; m < count; m++) {
    const top = Math.floor(m / columns) * (height * scale + gap), left = (m % columns) * (width * scale + gap);
    for (let y = 0; y < height; y++) {
      const from = (top + y * scale) * wide + left;
      for (let x = 0; x < width; x++) {
        const v = Math.round((values[(m * height + y) * width + x] - least) * grade);
        pixels.fill(0xff000000 | (v << 16) | (v << 8) | v, from + x * scale, from + (x + 1) * scale);
      }
      for (let i = 1; i < scale; i++) pixels.copyWithin(from + i * wide, from, from + width * scale);
    }
  }
  g.putImageData(image, 0, 0);
  if (chosen !== null) {
    const [m, y, x] = chosen;
    g.strokeStyle = mark; g.lineWidth = 2;
    g.strokeRect((m % columns) * (width * scale + gap) + x * scale - 1,
      Math.floor(m / columns) * (height * scale + gap) + y * scale - 1, scale + 2, scale + 2);
  }
  return { low: least, high: most };
}

export function render({ model, el }) {
  const nets = model.get("nets").map(unpack), classes = model.get("classes");
  const usual = model.get("usual"), labels = model.get("labels"), note = model.get("note");
  const [, height, width] = nets[0].input, size = height * width;
  const all = floats(model.get("images")), count = all.length / size;
  const pictureAt = (i) => all.slice(i * size, (i + 1) * size);
  let picture = pictureAt(0), picked = 0, drawn = false, values = [];
  let unit = { net: 0, layer: 0, index: 0 }, brush = 1.3, erase = false, last = null, queued = false;
  let cursor = [Math.floor(height / 2), Math.floor(width / 2)], telling = 0;

  const root = make("div", { class: "lv" });
  const mark = () => getComputedStyle(root).getPropertyValue("--mark");
  el.append(make("style", {}, STYLE), root);

  // ---- left: the picture
  const pad = make("canvas", {
    class: "pad", width: 224, height: 224, tabindex: 0, role: "application",
    "aria-label": "Drawing area. Arrow keys move, space draws.",
  });
  const said = make("p", { "aria-live": "polite", class: "faint" });
  const unlike = make("div", { "aria-live": "polite" });
  const picks = make("div", { class: "picks", role: "group", "aria-label": "Pick a picture" });
  for (let i = 0; i < count; i++) {
    const thumb = make("canvas", { "aria-hidden": "true" });
    mosaic(thumb, pictureAt(i), 1, height, width, 1, 1, null);
    const button = make("button", {
      type: "button", "aria-pressed": i === 0, onclick: () => pick(i),
      "aria-label": `Picture ${i + 1}: ${classes[labels[i]]}`,
    }, thumb);
    picks.append(button);
  }
  const eraser = make("button", {
    type: "button", "aria-pressed": "false",
    onclick: () => { erase = !erase; eraser.setAttribute("aria-pressed", erase); },
  }, "Eraser");
  const tools = make("div", {},
    make("button", { type: "button", onclick: () => edit(new Float32Array(size)) }, "Clear"), eraser,
    make("button", {
      type: "button", onclick: () => edit(likeTheData(picture, nets[0].input, usual)),
    }, "Centre and thicken"),
    make("label", {}, "Stroke ", make("input", {
      type: "range", min: 0.6, max: 3, step: 0.1, value: brush, "aria-label": "Stroke width in pixels",
      oninput: (event) => { brush = Number(event.target.value); },
    })));
  const left = make("div", {}, make("h3", {}, "Draw or pick"), pad, tools, picks, said, unlike);

  // ---- right: bars and maps, one column a network
  const columns = nets.map((net, n) => {
    const bars = make("div", { class: "bars" });
    const layers = net.layers.map((layer, at) => {
      const shape = layer.shape.length === 3 ? layer.shape : [1, 1, layer.shape[0]];
      const canvas = make("canvas", {
        tabindex: 0, role: "img", onclick: (event) => clicked(n, at, event),
        onkeydown: (event) => moved(n, at, event),
      });
      const range = make("span", { class: "faint" });
      const name = `${layer.name} ${layer.kind}`;
      const block = make("div", { class: "layer" },
        make("h4", {}, `${name} · ${layer.shape.join("×")} `, range), canvas);
      return { canvas, range, block, shape, name, grid: null };
    });
    const maps = make("div", { class: "maps", onscroll: () => level(n) }, ...layers.map((layer) => layer.block));
    const block = make("section", { "aria-label": net.name }, make("h3", {}, net.name), bars, maps);
    return { bars, layers, maps, block };
  });
  const right = make("div", { class: "nets" }, ...columns.map((column) => column.block));

  // ---- below: one unit, spelled out
  const chooseNet = make("select", { "aria-label": "network", onchange: () => enter(Number(chooseNet.value), unit.layer) },
    ...nets.map((net, i) => make("option", { value: i }, net.name)));
  const chooseLayer = make("select", { "aria-label": "layer", onchange: () => enter(unit.net, Number(chooseLayer.value)) });
  const numbers = ["map", "row", "column"].map((name, axis) => make("input", {
    type: "number", min: 0, value: 0, "aria-label": name, onchange: () => typed(axis),
  }));
  const wrapped = numbers.map((input, axis) => make("label", {}, ["map ", "row ", "column "][axis], input));
  const sum = make("div", { class: "sum", tabindex: 0, role: "region", "aria-label": "The sum of the chosen unit" });
  const total = make("p", { class: "total", "aria-live": "polite" });
  const rule = make("p", { class: "faint" });
  const kernels = make("div", { class: "grids" });
  const chooser = make("fieldset", {}, make("legend", {}, "One unit, spelled out"),
    make("div", {}, nets.length > 1 ? make("label", {}, "network ", chooseNet) : "",
      make("label", {}, "layer ", chooseLayer), " ", ...wrapped), total, rule, sum, kernels);
  if (note) root.append(make("p", {}, make("strong", {}, note)));
  root.append(make("div", { class: nets.length > 1 ? "columns" : "columns one" }, left, right, chooser));

  // ---- what happens
  function pick(i) { picked = i; drawn = false; picture = pictureAt(i); refresh(); }
  function edit(next) { drawn = true; picture = next; refresh(); }

  function refresh() {
    tellPicture();
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      const began = performance.now();
      values = nets.map((net) => forward(net, picture));
      drawAll();
      root.dataset.redraw = performance.now() - began;
      root.dataset.redraws = Number(root.dataset.redraws || 0) + 1;
    });
  }

  function drawAll() {
    drawPad();
    [...picks.children].forEach((b, i) => b.setAttribute("aria-pressed", !drawn && i === picked));
    nets.forEach((_, n) => { drawBars(n); drawMaps(n); });
    said.textContent = drawn ? "Your drawing." : `Picture ${picked + 1}, labelled ${classes[labels[picked]]}.`;
    const found = drawn ? differences(measure(picture, nets[0].input), usual) : [];
    const told = found.length
      ? [make("strong", {}, "Unlike the training pictures"), make("ul", {}, ...found.map((t) => make("li", {}, t)))]
      : drawn ? ["Centre, size and stroke are like those of the training pictures."] : [];
    unlike.replaceChildren(...told);
    spellOut();
  }

  function drawPad() {
    const scale = 224 / width, g = pad.getContext("2d");
    const small = mosaicOf(picture);
    g.imageSmoothingEnabled = false;
    g.drawImage(small, 0, 0, 224, 224 * height / width);
    const [top, lft, bottom, rgt] = receptiveField(nets[unit.net], unit.layer, unit.index);
    g.strokeStyle = mark(); g.lineWidth = 3;
    g.strokeRect(lft * scale + 1.5, top * scale + 1.5, (rgt - lft + 1) * scale - 3, (bottom - top + 1) * scale - 3);
    if (document.activeElement === pad) {
      g.setLineDash([3, 3]); g.lineWidth = 2;
      g.strokeRect(cursor[1] * scale, cursor[0] * scale, scale, scale);
      g.setLineDash([]);
    }
  }

  function mosaicOf(values28) {
    const small = document.createElement("canvas");
    small.width = width; small.height = height;
    const g = small.getContext("2d"), image = g.createImageData(width, height);
    for (let i = 0; i < size; i++) {
      const v = Math.round(255 * Math.min(Math.max(values28[i], 0), 1));
      image.data.set([v, v, v, 255], 4 * i);
    }
    g.putImageData(image, 0, 0);
    return small;
  }

  function drawBars(n) {
    const logits = values[n].at(-1), shares = softmax(logits), best = shares.indexOf(Math.max(...shares));
    const bars = columns[n].bars;
    if (!bars.childElementCount) {
      bars.append(make("span", { class: "faint" }, "class"), make("span", { class: "faint" }, "softmax"),
        make("span", {}), make("span", { class: "faint" }, "logit"));
      logits.forEach((_, i) => bars.append(make("span", {}, classes[i] ?? `class ${i}`),
        make("span", { "aria-hidden": "true" }, make("div", { class: "bar" })), make("span", {}), make("span", {})));
    }
    logits.forEach((logit, i) => {
      const [name, bar, share, value] = [0, 1, 2, 3].map((j) => bars.children[4 * (i + 1) + j]);
      name.className = share.className = i === best ? "best" : "";
      bar.firstChild.style.width = `${100 * shares[i]}%`;
      share.textContent = `${(100 * shares[i]).toFixed(1)} %`;
      value.textContent = digits(logit, 2);
    });
  }

  function drawMaps(n) {
    const space = columns[n].space || 600, colour = mark();
    columns[n].layers.forEach((layer, at) => {
      const [maps, h, w] = layer.shape, shown = values[n][at + 1];
      const flat = h === 1 && w === 1 || layer.shape[1] === 1 && maps === 1;
      let scale = 1, grid, cells;
      if (flat) { // a vector: a ribbon of cells, broken into lines
        scale = 9;
        cells = [maps * w, 1, 1];
        grid = Math.max(1, Math.floor(space / (scale + 3)));
      } else {
        scale = Math.max(1, Math.floor((w > 20 ? 56 : 40) / w));
        cells = [maps, h, w];
        grid = Math.max(1, Math.min(maps, Math.floor((space + 3) / (w * scale + 3))));
      }
      grid = Math.min(grid, cells[0]);
      const mine = unit.net === n && unit.layer === at;
      const chosen = mine ? placeOf(cells, unit.index) : null;
      const { low, high } = mosaic(layer.canvas, shown, ...cells, scale, grid, chosen, colour);
      layer.grid = { cells, scale, columns: grid };
      // The chosen unit is told beside its maps too: in a narrow frame the sum stands far below.
      layer.range.className = mine ? "chosen" : "faint";
      layer.range.textContent = mine ? `${where(at)}: ${digits(shown[unit.index], 4)}`
        : `${digits(low, 2)} (black) to ${digits(high, 2)} (white)`;
      const label = `${layer.name}, ${nets[n].name}: ${nets[n].layers[at].shape.join(" by ")} values.` +
        (mine ? ` Chosen: ${where(at)}.` : " Arrow keys choose a unit.");
      if (layer.canvas.getAttribute("aria-label") !== label) layer.canvas.setAttribute("aria-label", label);
    });
  }

  function clicked(n, at, event) {
    const { cells, scale, columns: grid } = columns[n].layers[at].grid, [m, h, w] = cells;
    const box = event.currentTarget.getBoundingClientRect(), zoom = event.currentTarget.width / box.width;
    const px = (event.clientX - box.left) * zoom, py = (event.clientY - box.top) * zoom;
    const column = Math.floor(px / (w * scale + 3)), row = Math.floor(py / (h * scale + 3));
    const map = row * grid + column;
    const x = Math.floor((px - column * (w * scale + 3)) / scale), y = Math.floor((py - row * (h * scale + 3)) / scale);
    if (map < m && x < w && y < h) choose(n, at, (map * h + y) * w + x);
  }

  function moved(n, at, event) {
    const [m, h, w] = columns[n].layers[at].grid.cells;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -w, ArrowDown: w, PageUp: -h * w, PageDown: h * w }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const mine = unit.net === n && unit.layer === at;
    choose(n, at, mine ? Math.min(Math.max(unit.index + step, 0), m * h * w - 1) : 0);
  }

  function typed(axis) {
    const shape = nets[unit.net].layers[unit.layer].shape, place = placeOf(shape, unit.index);
    const n = Number(numbers[axis].value);
    place[axis] = Math.min(Math.max(Number.isFinite(n) ? Math.round(n) : 0, 0), shape[axis] - 1);
    choose(unit.net, unit.layer, place.length === 3 ? (place[0] * shape[1] + place[1]) * shape[2] + place[2] : place[0]);
  }

  function enter(net, layer) {
    const at = Math.min(layer, nets[net].layers.length - 1);
    choose(net, at, middleOf(nets[net].layers[at].shape));
  }

  function choose(net, layer, index) {
    unit = { net, layer: Math.min(layer, nets[net].layers.length - 1), index };
    bringIntoSight();
    tellUnit();
    drawPad();
    nets.forEach((_, n) => drawMaps(n));
    spellOut();
  }

  // Networks side by side show the same layers; a longer one may go on where the other has ended.
  function level(n) {
    const { maps } = columns[n], top = maps.scrollTop, ended = top >= maps.scrollHeight - maps.clientHeight - 1;
    for (const other of columns) {
      const behind = Math.min(top, other.maps.scrollHeight - other.maps.clientHeight);
      if (Math.abs(other.maps.scrollTop - behind) > 1 && !(ended && other.maps.scrollTop > top)) other.maps.scrollTop = top;
    }
  }

  function bringIntoSight() {
    const { maps, layers } = columns[unit.net], { block } = layers[unit.layer];
    const end = block.offsetTop + block.offsetHeight;
    if (block.offsetTop < maps.scrollTop || end > maps.scrollTop + maps.clientHeight) maps.scrollTop = block.offsetTop;
  }

  // ---- what a widget tells Python, and a page nobody
  function tellUnit() {
    const net = nets[unit.net], layer = net.layers[unit.layer];
    model.set("unit", { network: net.name, layer: layer.name, place: placeOf(layer.shape, unit.index) });
    model.save_changes();
  }

  function tellPicture() { // once the hand rests: a stroke has many moves
    clearTimeout(telling);
    telling = setTimeout(() => {
      const rows = [];
      for (let y = 0; y < height; y++) rows.push(Array.from(picture.slice(y * width, (y + 1) * width)));
      model.set("picture", rows);
      model.save_changes();
    }, 150);
  }

  function where(at) {
    const shape = nets[unit.net].layers[at].shape, place = placeOf(shape, unit.index);
    return place.length === 3 ? `map ${place[0]}, row ${place[1]}, column ${place[2]}` : `unit ${place[0]}`;
  }

  // ---- the arithmetic in words and tables
  function spellOut() {
    const net = nets[unit.net], layer = net.layers[unit.layer];
    if (chooseLayer.dataset.net !== String(unit.net)) {
      chooseLayer.replaceChildren(...net.layers.map((l, i) => make("option", { value: i }, `${l.name} ${l.kind}`)));
      chooseLayer.dataset.net = unit.net;
    }
    chooseNet.value = unit.net;
    chooseLayer.value = unit.layer;
    const place = placeOf(layer.shape, unit.index);
    numbers.forEach((input, axis) => {
      wrapped[axis].hidden = axis >= place.length;
      wrapped[axis].firstChild.textContent = place.length === 3 ? ["map ", "row ", "column "][axis] : "unit ";
      input.setAttribute("aria-label", place.length === 3 ? ["map", "row", "column"][axis] : "unit");
      if (axis < place.length) { input.max = layer.shape[axis] - 1; if (document.activeElement !== input) input.value = place[axis]; }
    });
    const told = explain(net, values[unit.net], unit.layer, unit.index);
    rule.textContent = layer.formula;
    total.replaceChildren(make("strong", {}, `${layer.name} ${layer.kind}, ${where(unit.layer)}: `), inWords(layer, told));
    sum.replaceChildren(...tables(layer, told));
    sum.hidden = !sum.childElementCount;
    drawKernels(layer, place);
  }

  function inWords(layer, told) {
    const v = digits(told.value, 4);
    if (layer.kind === "Conv2d" || layer.kind === "Linear") {
      const s = told.terms.reduce((a, t) => a + t.product, 0);
      return `sum of ${told.terms.length} products ${digits(s, 4)} + bias ${signed(told.bias, 4)} = ${v}`;
    }
    const listed = told.terms.map((t) => signed(t.x, 4));
    if (layer.kind === "MaxPool2d") return `the largest of ${listed.join(", ")} = ${v}`;
    if (layer.kind === "AvgPool2d") return `(${listed.join(" + ")}) / ${told.divisor} = ${v}`;
    const x = digits(told.terms[0].x, 4);
    if (layer.kind === "Sigmoid") return `1 / (1 + exp(−${signed(told.terms[0].x, 4)})) = ${v}`;
    if (layer.kind === "Tanh") return `tanh(${x}) = ${v}`;
    if (layer.kind === "ReLU") return `max(0, ${x}) = ${v}`;
    return `the same number in another shape: ${v}`;
  }

  function tables(layer, told) {
    if (layer.kind === "Conv2d") {
      const taps = layer.kernel[0] * layer.kernel[1], grids = [];
      for (let from = 0; from < told.terms.length; from += taps) {
        const terms = told.terms.slice(from, from + taps);
        const table = make("table", {}, make("caption", {},
          `input map ${terms[0].from[0]}: ${digits(terms.reduce((a, t) => a + t.product, 0), 4)}`));
        for (let i = 0; i < taps; i += layer.kernel[1]) {
          table.append(make("tr", {}, ...terms.slice(i, i + layer.kernel[1]).map((t) =>
            make("td", { title: t.padding ? "padding" : `row ${t.from[1]}, column ${t.from[2]}` },
              `${digits(t.x, 2)}·${digits(t.w, 2)}`))));
        }
        grids.push(table);
      }
      return [make("div", { class: "grids" }, ...grids)];
    }
    if (layer.kind !== "Linear") return [];
    const ranked = told.terms.slice().sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
    const table = make("table", {}, make("caption", {}, "all products, the largest first"),
      make("tr", {}, ...["input", "value", "weight", "product"].map((t) => make("th", { scope: "col" }, t))));
    for (const t of ranked) {
      table.append(make("tr", {}, make("td", {}, String(t.from[0])), make("td", {}, digits(t.x, 4)),
        make("td", {}, digits(t.w, 4)), make("td", {}, digits(t.product, 4))));
    }
    return [table];
  }

  function drawKernels(layer, place) {
    kernels.replaceChildren();
    if (layer.kind !== "Conv2d") return;
    const [kh, kw] = layer.kernel, taps = kh * kw, channels = layer.weight.length / layer.shape[0] / taps;
    const first = channels === 1; // one picture in: show all kernels at once; else those of this map
    const shown = first ? layer.weight : layer.weight.slice(place[0] * channels * taps, (place[0] + 1) * channels * taps);
    const number = first ? layer.shape[0] : channels;
    const canvas = make("canvas", { role: "img" });
    const scale = Math.max(4, Math.floor(56 / kw));
    const { low, high } = mosaic(canvas, shown, number, kh, kw, scale, Math.min(number, 6), null);
    const what = first ? `The ${number} learned kernels` : `The ${number} kernels of map ${place[0]}, one an input map`;
    const label = `${what}: ${digits(low, 2)} (black) to ${digits(high, 2)} (white)`;
    canvas.setAttribute("aria-label", label);
    const figure = (words, picture) => make("figure", { style: "margin:4px 0" },
      make("figcaption", { class: "faint" }, words), picture);
    kernels.append(figure(label, canvas));
    if (first) return;
    const all = make("canvas", { role: "img" }), side = Math.max(2, Math.floor(20 / kw)), maps = layer.shape[0];
    const turned = new Float32Array(layer.weight.length); // maps beside each other: wide, not tall
    for (let m = 0; m < maps; m++) for (let c = 0; c < channels; c++) {
      turned.set(layer.weight.subarray((m * channels + c) * taps, (m * channels + c + 1) * taps), (c * maps + m) * taps);
    }
    mosaic(all, turned, maps * channels, kh, kw, side, maps, null);
    const g = all.getContext("2d"), wide = kw * side + 3;
    g.strokeStyle = mark(); g.lineWidth = 2;
    g.strokeRect(place[0] * wide - (place[0] ? 1 : 0), 1, wide - 1, all.height - 2);
    const words = `All ${maps * channels} kernels: a column a map, a row an input map`;
    all.setAttribute("aria-label", words);
    kernels.append(figure(words, all));
  }

  // ---- drawing
  function stroke(from, to) {
    const next = Float32Array.from(picture), [y0, x0] = from, [y1, x1] = to;
    const dy = y1 - y0, dx = x1 - x0, length = dy * dy + dx * dx;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const t = length ? Math.min(Math.max(((y + 0.5 - y0) * dy + (x + 0.5 - x0) * dx) / length, 0), 1) : 0;
      const away = Math.hypot(y + 0.5 - y0 - t * dy, x + 0.5 - x0 - t * dx);
      const ink = Math.min(Math.max(brush + 0.5 - away, 0), 1), i = y * width + x;
      next[i] = erase ? Math.min(next[i], 1 - ink) : Math.max(next[i], ink);
    }
    edit(next);
  }
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientY - box.top) / box.height * height, (event.clientX - box.left) / box.width * width];
  };
  pad.addEventListener("pointerdown", (event) => {
    if (!drawn) picture = new Float32Array(size); // a drawing begins on an empty picture
    drawn = true;
    pad.setPointerCapture(event.pointerId);
    last = at(event);
    stroke(last, last);
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    const now = at(event);
    stroke(last, now);
    last = now;
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; });
  pad.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (step) cursor = cursor.map((c, i) => Math.min(Math.max(c + step[i], 0), [height, width][i] - 1));
    else if (event.key === " ") {
      if (!drawn) picture = new Float32Array(size);
      const middle = cursor.map((c) => c + 0.5);
      stroke(middle, middle);
    } else return;
    event.preventDefault();
    drawPad();
  });
  for (const name of ["focus", "blur"]) pad.addEventListener(name, () => drawPad());
  const fit = () => { // measured when the width changes, not at every redraw
    for (const column of columns) column.space = column.maps.clientWidth - 8;
    if (values.length) nets.forEach((_, n) => drawMaps(n));
  };
  new ResizeObserver(fit).observe(right);

  // It opens on a unit in the middle of the first convolution: one with something to add up.
  const opening = Math.max(nets[0].layers.findIndex((layer) => layer.kind === "Conv2d"), 0);
  unit = { net: 0, layer: opening, index: middleOf(nets[0].layers[opening].shape) };
  values = nets.map((net) => forward(net, picture));
  fit();
  drawAll();
  tellUnit();
  tellPicture();
}
