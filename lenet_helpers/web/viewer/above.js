// The line above picture and maps, for what is about both: the tour, the kernel's way, the colours, and
// what the pointer is on.

import { make } from "../dom.js";

const SHARED = "The same value has the same colour in all maps of a layer";

export class Above {
  constructor(state, tour, play, actions) {
    const onchange = (event) => {
      state.isOwnScale = event.target.checked;
      actions.recolour();
    };
    const box = make("input", { type: "checkbox", onchange });
    this.hovered = make("span", { class: "hovered" });
    this.element = make(
      "p",
      { class: "above" },
      tour.button,
      play.button,
      make("span", { title: SHARED }, "Colours: one scale a layer."),
      make("label", {}, box, " Each map its own"),
      this.hovered,
    );
  }

  tell(words) {
    this.hovered.textContent = words;
  }
}
