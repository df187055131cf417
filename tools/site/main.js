// What makes a page of the site live.

import { Answer } from "./answer.js";
import { Field } from "./field.js";
import { forgetAnswers } from "./kept.js";
import { startScrolling } from "./scrolling.js";
import { startSearch } from "./search.js";
import { showTally } from "./tally.js";
import { startTheme } from "./theme.js";

function startQuestions(page) {
  const tallies = [...document.querySelectorAll(".tally")];
  const changed = () => tallies.forEach((place) => showTally(place, page));
  const of = (name) => page.questions.find(({ key }) => key === name);
  const folds = [...document.querySelectorAll("details.answer")];
  const answers = new Map(
    folds.map((fold) => {
      const name = fold.dataset.question;
      return [name, new Answer(fold, of(name), page, changed)];
    }),
  );
  const fields = [...document.querySelectorAll("form.prediction")].map((form) => {
    const name = form.dataset.question;
    return new Field(form, of(name), page, answers.get(name), changed);
  });
  document.getElementById("forget").addEventListener("click", () => {
    forgetAnswers();
    fields.forEach((field) => field.forget());
    changed();
    document.getElementById("forgotten").textContent = "Forgotten, on all pages.";
  });
  changed();
}

startTheme();
document.addEventListener("DOMContentLoaded", () => {
  const page = JSON.parse(document.getElementById("data").textContent);
  startQuestions(page);
  startScrolling();
  startSearch();
  // On a small screen the contents would push the page down.
  document.querySelector(".side details").open = !matchMedia("(max-width: 60rem)").matches;
});
