// Which pixels matter to a score, as notebook 6 asks it: a square is covered with black, the network
// is asked again, and so at every place of the square. This is called occlusion.

import { indices } from "../numbers.js";
import { forward, logitsOf } from "./network.js";
import { eachPlane } from "./picture.js";

const SQUARE = 6; // pixels, its side

// The upper left corners [top, left] of a square at all its places, row by row.
function cornersOf([, height, width], side) {
  const across = indices(width - side + 1);
  return indices(height - side + 1).flatMap((top) => across.map((left) => [top, left]));
}

// The picture with a square of black.
function cover(picture, shape, [top, left], side) {
  const [, , width] = shape;
  return eachPlane(picture, shape, (plane) => {
    const out = plane.slice();
    for (let y = top; y < top + side; y++) out.fill(0, y * width + left, y * width + left + side);
    return out;
  });
}

// `prepare` makes of a picture what the network gets.
export class Occlusion {
  constructor(net, picture, shape, prepare) {
    const side = Math.min(SQUARE, shape[1], shape[2]);
    Object.assign(this, { net, picture, shape, prepare, side, corners: cornersOf(shape, side) });
    this.logits = []; // of the picture itself, and then of it with each square covered
  }

  get isDone() {
    return this.logits.length > this.corners.length;
  }

  // Ask the network, at least once, until the clock of the page says `end`.
  work(end) {
    while (!this.isDone) {
      const { picture, shape, side, corners, logits, net } = this;
      const asked = logits.length
        ? cover(picture, shape, corners[logits.length - 1], side)
        : picture;
      logits.push(logitsOf(net, forward(net, this.prepare(asked))));
      if (performance.now() >= end) return;
    }
  }

  // How much of a score each pixel has: the mean of what the squares over it take. `scoreOf` makes the
  // score of logits.
  heat(scoreOf) {
    const [, height, width] = this.shape;
    const sums = new Float64Array(height * width);
    const squares = new Float64Array(height * width);
    const [whole, ...scores] = this.logits.map(scoreOf);
    scores.forEach((score, i) => {
      const [top, left] = this.corners[i];
      for (let y = top; y < top + this.side; y++) {
        for (let x = left; x < left + this.side; x++) {
          sums[y * width + x] += whole - score;
          squares[y * width + x] += 1;
        }
      }
    });
    return sums.map((sum, i) => sum / squares[i]);
  }
}
