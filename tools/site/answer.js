// A folded answer: it opens to whoever predicted, and says how the prediction was.

import { keepRecord, recordOf } from "./kept.js";
import { afterAnswer, verdict } from "./record.js";
import { element } from "./element.js";

/** The fold of a question, and what to do with it. `changed` is called after it was opened. */
export class Answer {
  constructor(fold, question, { notebook, thoughts }, changed) {
    Object.assign(this, { fold, question, notebook, thoughts, changed });
    this.measured = JSON.parse(fold.dataset.measured);
    fold.addEventListener("toggle", () => fold.open && this.told());
  }

  /** Say to the reader that it may be opened: there is a prediction. */
  unlock() {
    this.fold.classList.add("predicted");
  }

  open() {
    this.unlock();
    if (this.fold.open) this.told();
    this.fold.open = true;
  }

  /** The answer is on the screen: keep that, and say how the prediction was. */
  told() {
    const { notebook, question, fold } = this;
    const record = recordOf(notebook, question.key);
    if (!record) return;
    const after = afterAnswer(record, question, question.answer ?? this.measured);
    keepRecord(notebook, question.key, after);
    fold.querySelector(".verdict")?.remove();
    const said = element("p", { className: "verdict" }, verdict(after, this.thoughts));
    fold.querySelector("p").after(said);
    this.changed();
  }

  forget() {
    this.fold.classList.remove("predicted");
    this.fold.open = false;
    this.fold.querySelector(".verdict")?.remove();
  }
}
