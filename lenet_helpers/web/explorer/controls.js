// What can be set beside the presets: the operation, the sizes, and, folded away, the numbers.

import { make } from "../dom.js";
import { OPERATIONS } from "./operations.js";
import { PICTURES } from "./pictures.js";
import { SIZES } from "./settings.js";
import { SizeRow } from "./size_row.js";
import { WEIGHTS } from "./weights.js";

// Changes `settings` in place and calls `changed`.
export class Controls {
  constructor(settings, changed) {
    Object.assign(this, { settings, changed, isApart: false });
    this.selects = {
      kind: this.select("kind", OPERATIONS),
      picture: this.select("picture", PICTURES),
      weights: this.select("weights", WEIGHTS),
    };
    this.sizes = SIZES.map((name) => new SizeRow(name, settings, changed));
    const onclick = () => this.toggle();
    this.apart = make("button", { type: "button", onclick }, "height and width apart");
    const { kind, picture, weights } = this.selects;
    this.element = make(
      "div",
      { class: "controls", role: "group", "aria-label": "your own sizes" },
      make("label", { class: "choice" }, "operation", kind),
      ...this.sizes.map(({ element }) => element),
      this.apart,
      make(
        "details",
        {},
        make("summary", {}, "more: picture and kernel"),
        make("label", { class: "choice" }, "picture", picture),
        make("label", { class: "choice" }, "kernel", weights),
      ),
    );
  }

  // A choice of one key of the settings, from the entries of a table.
  select(key, table) {
    const options = Object.entries(table).map(([value, { name }]) =>
      make("option", { value }, name),
    );
    const onchange = (event) => {
      this.settings[key] = event.target.value;
      this.changed();
    };
    return make("select", { onchange }, ...options);
  }

  toggle() {
    this.isApart = !this.isApart;
    this.show();
  }

  // Show the settings as they are now.
  show() {
    const { settings, selects, isApart } = this;
    for (const [key, select] of Object.entries(selects)) select.value = settings[key];
    selects.weights.disabled = settings.kind !== "conv";
    for (const size of this.sizes) {
      size.show(isApart, settings.kind === "avg" && size.name === "dilation");
    }
    this.apart.setAttribute("aria-pressed", isApart);
  }
}
