// What is looked at: a picture or a drawing, what the networks make of it, and the chosen unit.

import { kindOf } from "./kinds.js";
import { floats, forward, isAnswer, unpack } from "./network.js";
import { marksOf } from "./marks.js";
import { area, middleOf, placeInWords, placeOf } from "./shapes.js";

// One state is shared by all parts of the viewer. Call work() after the picture has changed.
export class State {
  constructor(model) {
    const told = ["classes", "labels", "usual", "note", "mean", "std"];
    for (const name of told) this[name] = model.get(name);
    const isSigned = this.mean.some((mean) => mean > 0); // a normalised picture goes below zero
    this.nets = model.get("nets").map((net) => unpack(net, isSigned));
    this.isOwnScale = false; // for the colours of each map
    this.filling = null; // while a map fills in: {net, at, end}, the first value after that map
    this.shape = this.nets[0].input; // [1 or 3, height, width]
    const size = area(this.shape);
    const all = floats(model.get("images"));
    this.pictures = Array.from({ length: all.length / size }, (_, i) =>
      all.subarray(i * size, (i + 1) * size),
    );
    this.pick(0);
    this.work();
    const { layers } = this.nets[0];
    const [convolution, dense] = [
      layers.findIndex((layer) => layer.weight && layer.kernel),
      layers.findIndex((layer) => kindOf(layer).addsUp),
    ];
    this.choose(0, convolution < 0 ? Math.max(dense, 0) : convolution);
  }

  pick(i) {
    Object.assign(this, { picked: i, drawn: false, picture: this.pictures[i] });
  }

  edit(picture) {
    Object.assign(this, { drawn: true, picture });
  }

  // A drawing begins on an empty picture.
  startDrawing() {
    if (!this.drawn) this.edit(new Float32Array(area(this.shape)));
  }

  work() {
    const normalised = this.normalised(this.picture);
    this.values = this.nets.map((net) => forward(net, normalised));
    if (this.unit) this.mark();
  }

  // A picture as the networks get it.
  normalised(picture) {
    const { shape, mean, std } = this;
    const size = shape[1] * shape[2];
    return picture.map((value, i) => {
      const channel = Math.floor(i / size);
      return (value - mean[channel]) / std[channel];
    });
  }

  // Choose unit `index` of layer `at`, or of the last where a network has fewer layers. Without an
  // index it is one in the middle: it has something to add up.
  choose(net, at, index = null) {
    const { layers } = this.nets[net];
    const last = Math.min(at, layers.length - 1);
    this.unit = { net, at: last, index: index ?? middleOf(layers[last].shape) };
    this.mark();
  }

  // Work out where the chosen unit's value comes from and goes to.
  mark() {
    const { net, unit, values } = this;
    this.marks = marksOf(net, values[unit.net], unit.at, unit.index);
  }

  // {before, after}: the marks in a layer, lists that may be empty.
  marksIn(net, at) {
    const isHere = this.unit.net === net;
    const of = (marks) => (isHere && marks.get(at)) || [];
    return { before: of(this.marks.before), after: of(this.marks.after) };
  }

  // Where a map that fills in is still empty, [from, to] as indices of its layer; else null.
  emptyIn(net, at) {
    const { filling, unit } = this;
    const isHere = filling && filling.net === net && filling.at === at;
    return isHere ? [unit.index + 1, filling.end] : null;
  }

  get net() {
    return this.nets[this.unit.net];
  }

  get layer() {
    return this.net.layers[this.unit.at];
  }

  get place() {
    return placeOf(this.layer.shape, this.unit.index);
  }

  // Where a unit is; one that stands for a class with its name.
  placeInWords(net, at, index) {
    const place = placeInWords(this.nets[net].layers[at].shape, index);
    return isAnswer(this.nets[net], at) ? `${place} (${this.classes[index]})` : place;
  }

  // The index of the chosen unit if it is in this layer, else null.
  chosenIn(net, at) {
    return this.unit.net === net && this.unit.at === at ? this.unit.index : null;
  }
}
