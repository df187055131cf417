// Every layer of a network on one picture: maps, arithmetic, receptive fields, kernels.
//
// render({model, el}) is the contract of anywidget; model.get(name) gives the data that
// viewer.py packed. Nothing is loaded and nothing is sent.

import { make } from "./dom.js";
import { Above } from "./viewer/above.js";
import { Column } from "./viewer/column.js";
import { Cone } from "./viewer/cone.js";
import { Decision } from "./viewer/decision.js";
import { Enlarged } from "./viewer/enlarged.js";
import { Matters } from "./viewer/matters.js";
import { PicturePanel } from "./viewer/picture_panel.js";
import { Play } from "./viewer/play.js";
import { hasMaps } from "./viewer/shapes.js";
import { bringIntoPage } from "./viewer/sight.js";
import { State } from "./viewer/state.js";
import { STYLE } from "./viewer/style.js";
import { Teller } from "./viewer/teller.js";
import { Tour } from "./viewer/tour.js";
import { UnitPanel } from "./viewer/unit_panel.js";

// In pixels: from this width on the layers stand beside each other; below the other, all stands in one
// column.
const FLOW = 1000;
const NARROW = 641;

class Viewer {
  constructor(model) {
    this.state = new State(model);
    this.teller = new Teller(model, this.state);
    this.isWaiting = false; // for the next redraw
    // What the parts ask for: each draws what the state says, and changes it only through these.
    const actions = {
      pick: (i) => this.show(() => this.state.pick(i)),
      edit: (picture) => this.show(() => this.state.edit(picture)),
      choose: (net, at, index) => {
        if (this.play.isOn) this.play.stop();
        this.choose(net, at, index);
      },
      visit: (net, at, index) => this.choose(net, at, index),
      watch: () => this.watch(),
      hover: (words) => this.above.tell(words),
      scroll: (column) => this.columns.forEach((other) => other.follow(column)),
      colour: () => this.colour(),
      recolour: () => this.drawMaps(this.colour()),
      refresh: () => this.fit(),
      enlarge: (net, at, opener) => this.enlarge(net, at, opener),
      notice: () => this.tour.notice(),
    };
    this.actions = actions;
    this.matters = new Matters(this.state, actions);
    this.picture = new PicturePanel(this.state, this.matters, actions);
    this.columns = this.state.nets.map((_, n) => new Column(this.state, n, actions));
    this.play = new Play(this.state, actions);
    this.unit = new UnitPanel(this.state, this.play, actions);
    this.cone = new Cone();
    this.decision = new Decision(this.state, actions);
    this.enlarged = new Enlarged(this.state, actions);
    this.tour = new Tour(this);
    this.above = new Above(this.state, this.tour, this.play, actions);
    this.root = this.layOut();
  }

  layOut() {
    const { nets, note } = this.state;
    this.nets = make("div", { class: "nets" }, ...this.columns.map((column) => column.element));
    return make(
      "div",
      {
        class: nets.length > 1 ? "lv" : "lv one",
        onkeydown: (event) => this.pressed(event),
      },
      ...(note ? [make("p", {}, make("strong", {}, note))] : []),
      this.above.element,
      make(
        "div",
        { class: "columns" },
        this.picture.element,
        this.nets,
        this.unit.element,
        this.decision.element,
        this.cone.element,
      ),
      this.enlarged.element,
      this.tour.element,
    );
  }

  // The root is in the page: measure it, now and when its width changes, and draw; again when the page
  // says whether it is light or dark.
  start() {
    new ResizeObserver(() => this.fit()).observe(this.root);
    const themed = { attributes: true, attributeFilter: ["data-theme"] };
    new MutationObserver(() => this.draw()).observe(this.root, themed);
    this.fit();
    this.draw();
    this.teller.unit();
    this.teller.picture();
  }

  fitColumns() {
    const { clientWidth, classList } = this.root;
    const isFlow = clientWidth >= FLOW;
    this.isNarrow = clientWidth < NARROW;
    classList.toggle("flow", isFlow);
    classList.toggle("narrow", this.isNarrow);
    for (const column of this.columns) column.fit(isFlow);
  }

  fit() {
    this.fitColumns();
    this.drawMaps(this.colour());
    this.drawCone();
    this.enlarged.place(this.columnOfUnit);
    this.tour.place();
  }

  get columnOfUnit() {
    const { net, at } = this.state.unit;
    return this.columns[net].stageOf(at).element;
  }

  // What joins the columns, where they stand beside each other.
  drawCone() {
    const steps = this.columns[this.state.unit.net].coneSteps();
    this.cone.draw([[this.picture.pad.fieldInWindow()], ...steps]);
  }

  // The colour of what is chosen, in the theme of now. Ask once a redraw, and first: after a change
  // of the page the browser has to work its styles out anew to answer.
  colour() {
    return getComputedStyle(this.root).getPropertyValue("--mark");
  }

  draw() {
    const colour = this.colour();
    this.picture.draw(colour);
    for (const column of this.columns) column.draw(colour);
    this.unit.draw(colour);
    this.decision.draw();
    this.enlarged.draw(colour);
    this.matters.draw();
  }

  drawMaps(colour) {
    for (const column of this.columns) column.drawMaps(colour);
    this.enlarged.draw(colour);
  }

  // Change the picture, however often: the networks work on it once a frame of the screen.
  show(change) {
    change();
    this.teller.picture();
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.redraw();
    });
  }

  redraw() {
    const began = performance.now();
    const { dataset } = this.root;
    this.state.work();
    this.draw();
    dataset.redraw = performance.now() - began;
    dataset.redraws = Number(dataset.redraws || 0) + 1;
    this.tour.notice();
  }

  // Without an index it is a unit in the middle of the layer.
  choose(net, at, index) {
    this.state.choose(net, at, index);
    this.bringIntoSight();
    this.teller.unit();
    const colour = this.colour();
    this.picture.pad.draw(colour);
    this.drawMaps(colour);
    this.unit.draw(colour);
    this.decision.draw();
    this.matters.draw();
    this.drawCone();
    this.enlarged.place(this.columnOfUnit);
    this.tour.notice();
  }

  // The layer of the chosen unit. Another one than its column has shown may need another room.
  bringIntoSight() {
    const { net, at } = this.state.unit;
    const column = this.columns[net];
    const stage = column.stageOf(at);
    if (stage.shown !== at) {
      stage.show(at);
      this.fitColumns();
    }
    column.bringIntoSight(at);
  }

  // While a map fills in: the map, the picture that the kernel moves over, and what stops it.
  watch() {
    const { net, at } = this.state.unit;
    this.columns[net].putFirst(at);
    bringIntoPage([this.columnOfUnit, this.picture.field, this.play.button]);
  }

  // A map of layer `at`: the one of the chosen unit, which is chosen if there is none.
  enlarge(net, at, opener) {
    if (!hasMaps(this.state.nets[net].layers[at].shape)) return;
    this.enlarged.open(opener);
    this.choose(net, at, this.state.chosenIn(net, at));
    this.enlarged.focus();
  }

  // Escape leads out of the map that is enlarged, then back into the tour.
  pressed(event) {
    if (event.key !== "Escape") return;
    if (this.enlarged.isOpen) this.enlarged.close();
    else if (this.tour.isOpen) this.tour.focus();
    else return;
    event.stopPropagation(); // slides have the same key
  }
}

export function render({ model, el }) {
  const viewer = new Viewer(model);
  el.append(make("style", {}, STYLE), viewer.root);
  viewer.start();
}
