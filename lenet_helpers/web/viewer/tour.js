// A tour of the viewer: what to look at, and one small thing to do, step by step. Closed at first.
//
// The arrow keys lead on and back while the focus is in it, and Escape closes it.

import { make } from "../dom.js";
import { hidePanel, putBeside } from "./beside.js";
import { seenIn } from "./seen.js";
import { bringIntoPage } from "./sight.js";
import { stepsFor } from "./tour_steps.js";

export class Tour {
  // `viewer` has what the steps tell of.
  constructor(viewer) {
    Object.assign(this, { viewer, at: 0, steps: null, before: null });
    const button = (name, onclick, attributes = {}) =>
      make("button", { type: "button", onclick, ...attributes }, name);
    const toggle = () => (this.isOpen ? this.close() : this.open());
    this.button = button("Tour", toggle, { "aria-expanded": "false" });
    this.told = make("div", { "aria-live": "polite" });
    this.done = make("p", { role: "status", class: "done" });
    this.back = button("← Back", () => this.turn(-1));
    this.next = button("", () => (this.isLast ? this.close() : this.turn(1)), { class: "next" });
    const away = button("✕", () => this.close(), { "aria-label": "Close the tour" });
    const there = button("Go to it", () => this.goThere());
    this.element = make(
      "div",
      { class: "panel tour", role: "dialog", hidden: true, onkeydown: (e) => this.pressed(e) },
      away,
      this.told,
      this.done,
      make("div", {}, this.back, this.next, there),
    );
  }

  get isOpen() {
    return !this.element.hidden;
  }

  get isLast() {
    return this.at === this.steps.length - 1;
  }

  open() {
    this.steps ??= stepsFor(this.viewer);
    this.element.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.show();
    this.focus();
  }

  close() {
    this.leave();
    hidePanel(this.element, this.viewer.root);
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
  }

  focus() {
    this.next.focus();
  }

  turn(by) {
    if (!this.steps[this.at + by]) return;
    this.leave();
    this.at += by;
    this.show();
  }

  show() {
    const { at, steps, viewer } = this;
    const { title, words, task, marks, prepare } = steps[at];
    if (prepare) prepare();
    const heading = `${at + 1} of ${steps.length}: ${title}`;
    this.element.setAttribute("aria-label", `Tour, ${heading}`);
    this.told.replaceChildren(
      make("h3", {}, heading),
      make("p", {}, ...words),
      make("p", {}, make("strong", {}, "Try it: "), task),
    );
    this.done.textContent = "";
    this.back.setAttribute("aria-disabled", at === 0); // a button that is disabled loses the focus
    this.next.textContent = this.isLast ? "End" : "Next →";
    for (const mark of marks) mark.classList.add("marked");
    bringIntoPage(marks.toReversed());
    this.place();
    bringIntoPage([this.element]);
    this.before = seenIn(viewer);
  }

  leave() {
    this.before = null;
    for (const mark of this.steps[this.at].marks) mark.classList.remove("marked");
  }

  place() {
    if (!this.isOpen) return;
    const { root, isNarrow } = this.viewer;
    const step = this.steps[this.at];
    const { beside = step.marks[0], side } = (isNarrow && step.narrow) || step;
    putBeside(this.element, beside, root, side);
  }

  // Something may have been done.
  notice() {
    if (!this.before || this.done.textContent) return;
    if (!this.steps[this.at].isDone(this.before, seenIn(this.viewer))) return;
    this.done.textContent = this.isLast ? "✓ Done." : "✓ Done. Go on with Next.";
    this.place();
  }

  // To what the step tells of, where the keyboard reaches it.
  goThere() {
    const places = "a, button, input, select, summary, [tabindex]";
    const [mark] = this.steps[this.at].marks;
    const place = mark.matches(places) ? mark : mark.querySelector(places);
    if (place) place.focus();
  }

  pressed(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) this.turn(step);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // slides have the same keys
  }
}
