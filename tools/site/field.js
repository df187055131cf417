// The field of a prediction: takes an answer, and says whether it is right, or gives a hint.

import { judge } from "./judging.js";
import { keepRecord, recordOf } from "./kept.js";
import { Unreadable } from "./numbers.js";
import { note, withTry } from "./record.js";
import { element } from "./element.js";

/** The field of a question; `answer` is its Answer, `changed` is called after a prediction. */
export class Field {
  constructor(form, question, { notebook, thoughts }, answer, changed) {
    Object.assign(this, { form, question, notebook, thoughts, answer, changed });
    this.input = form.querySelector("input");
    this.feedback = form.querySelector(".feedback");
    this.look = element("button", { type: "button", className: "look" }, "Show the answer");
    this.look.addEventListener("click", () => this.show());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.predict(this.input.value);
    });
    this.restore();
  }

  predict(text) {
    const blank = ["", "..."].includes(text.trim());
    if (blank) {
      this.say("No prediction yet. Write yours into the field.", "unread");
      return;
    }
    const judged = this.judged(text);
    if (!judged) return;
    const record = withTry(recordOf(this.notebook, this.question.key), text, judged);
    keepRecord(this.notebook, this.question.key, record);
    this.told(judged, record);
    if (judged.verdict === "right" || record.shown) this.answer.open();
    this.changed();
  }

  judged(text) {
    try {
      return judge(this.question, text);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.say(`${error.message} This answer is not counted.`, "unread");
      return null;
    }
  }

  told(judged, record) {
    this.answer.unlock();
    const how = record.tries.at(-1).late ? "late" : judged.verdict;
    this.say(note(this.question, judged, record, this.thoughts), how);
    if (judged.verdict !== "right" && !record.shown) this.form.append(this.look);
    else this.look.remove();
  }

  say(words, how) {
    this.feedback.textContent = words;
    this.feedback.dataset.verdict = how;
  }

  show() {
    this.look.remove();
    this.answer.open();
    this.answer.fold.querySelector("summary").focus();
  }

  /** Show what was answered before. */
  restore() {
    const record = recordOf(this.notebook, this.question.key);
    if (!record) return;
    this.input.value = record.tries.at(-1).text;
    const judged = this.judged(this.input.value);
    if (judged) this.told(judged, record);
    if (record.shown) this.answer.open();
  }

  forget() {
    this.input.value = "";
    this.say("", "");
    this.look.remove();
    this.answer.forget();
  }
}
