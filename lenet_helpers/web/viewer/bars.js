// What a network answers: a bar, a share and a logit for each class.

import { make } from "../dom.js";
import { digits } from "../numbers.js";
import { softmax } from "./softmax.js";

const ABOUT = {
  softmax: "The share of each class: together 100 %.",
  logit: "The score of each class, of which the shares are made.",
};

export class Bars {
  constructor(names) {
    this.rows = names.map((name) => ({
      name: make("span", {}, name),
      bar: make("div", { class: "bar" }),
      share: make("span"),
      logit: make("span"),
    }));
    const head = ["class", "softmax", "", "logit"].map((text) =>
      make("span", { class: "faint", title: ABOUT[text] ?? "" }, text),
    );
    this.element = make(
      "div",
      { class: "bars" },
      ...head,
      ...this.rows.flatMap(({ name, bar, share, logit }) => [
        name,
        make("span", { "aria-hidden": "true" }, bar),
        share,
        logit,
      ]),
    );
  }

  draw(logits) {
    const shares = softmax(logits);
    const best = shares.indexOf(Math.max(...shares));
    this.rows.forEach(({ name, bar, share, logit }, i) => {
      name.className = share.className = i === best ? "best" : "";
      bar.style.width = `${100 * shares[i]}%`;
      share.textContent = `${(100 * shares[i]).toFixed(1)} %`;
      logit.textContent = digits(logits[i], 2);
    });
  }
}
