// Light or dark: as the reader's system has it, until the reader chooses. The demos follow.

import { chooseTheme, chosenTheme } from "./kept.js";

const system = matchMedia("(prefers-color-scheme: dark)");

const current = () => chosenTheme() ?? (system.matches ? "dark" : "light");
const other = () => (current() === "dark" ? "light" : "dark");

function apply() {
  document.documentElement.dataset.theme = current();
  if (!document.body) return;
  document.body.dataset.jpThemeLight = String(current() === "light"); // the demos look here
  document.getElementById("theme").textContent = other() === "dark" ? "Dark" : "Light";
}

/** Apply the theme before the page is drawn, and once more when it is there. */
export function startTheme() {
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document.getElementById("theme").addEventListener("click", () => {
      chooseTheme(other());
      apply();
    });
  });
}
