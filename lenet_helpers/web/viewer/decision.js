// What matters to the decision: the logit of a class, split into its bias and what each unit of the
// layer before contributed, as bars that begin where the one before has ended.

import { draw, make } from "../dom.js";
import { digits, signed } from "../numbers.js";
import { answerOf, explain, logitsLayer } from "./network.js";

const ACROSS = 1000; // of the drawing, in its own units
const DOWN = 150;

// The bars of a sum, [{name, from, to}], the largest product first: from 0 over the bias to the value.
export function stepsOf({ terms, bias }) {
  const ranked = terms.slice().sort((a, b) => b.product - a.product);
  const parts = [{ name: "bias", product: bias }];
  for (const { from, x, w, product } of ranked) {
    const name = `unit ${from[0]}: ${digits(x, 4)} · ${signed(w, 4)}`;
    parts.push({ name, product });
  }
  let at = 0;
  return parts.map(({ name, product }) => {
    const from = at;
    at += product;
    return { name, from, to: at };
  });
}

function picture(steps) {
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const y = (value) => ((high - value) / (high - low || 1)) * (DOWN - 4) + 2;
  const wide = ACROSS / steps.length;
  const bars = steps.map(({ name, from, to }, i) => {
    const height = Math.max(Math.abs(y(to) - y(from)), 0.5);
    const place = { x: i * wide, y: Math.min(y(from), y(to)), width: 0.85 * wide, height };
    const bar = draw("rect", { ...place, class: to >= from ? "more" : "less" });
    const title = draw("title", {});
    title.textContent = `${name} = ${digits(to - from, 4)}, so far ${digits(to, 4)}`;
    bar.append(title);
    return bar;
  });
  const zero = draw("line", { x1: 0, x2: ACROSS, y1: y(0), y2: y(0) });
  return [...bars, zero];
}

// Of the chosen network, where its logits are a sum; drawn while it is open.
export class Decision {
  constructor(state, actions) {
    this.state = state;
    const open = () => {
      if (this.element.open) this.choice.value = answerOf(state.net, state.values[state.unit.net]);
      this.draw();
      actions.notice();
    };
    const names = state.classes.map((name, i) => make("option", { value: i }, name));
    this.choice = make("select", { onchange: () => this.draw() }, ...names);
    this.words = make("p", { "aria-live": "polite" });
    this.bars = draw("svg", {
      viewBox: `0 0 ${ACROSS} ${DOWN}`,
      preserveAspectRatio: "none",
      class: "decision",
      role: "img",
    });
    this.element = make(
      "details",
      { ontoggle: open },
      make("summary", {}, "What matters to the decision"),
      make("label", {}, "logit of ", this.choice),
      this.words,
      this.bars,
    );
  }

  draw() {
    const { net, values, unit, classes } = this.state;
    const at = logitsLayer(net);
    this.element.hidden = at < 0 || !net.layers[at].weight || Boolean(net.layers[at].kernel);
    if (this.element.hidden || !this.element.open) return;
    const index = Number(this.choice.value);
    const told = explain(net, values[unit.net], at, index);
    if (told.terms[0].product === undefined) {
      this.element.hidden = true;
      return;
    }
    const sum = (sign) => told.terms.reduce((all, t) => all + Math.max(sign * t.product, 0), 0);
    const words = `${classes[index]}: bias ${digits(told.bias, 4)} + ${digits(sum(1), 4)} for it − ${digits(sum(-1), 4)} against it = ${digits(told.value, 4)}`;
    this.words.textContent = `${words}. A bar for the bias and for each of ${told.terms.length} units, the largest first.`;
    this.bars.setAttribute("aria-label", words);
    this.bars.replaceChildren(...picture(stepsOf(told)));
  }
}
