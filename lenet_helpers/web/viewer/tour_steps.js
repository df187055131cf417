// What the tour shows of a network: nothing that the network does not have.
//
//   title     a few words
//   words     what to know, with new words in a <dfn>
//   task      one thing to do
//   marks     the elements to look at
//   beside    what the tour stands beside; else the first of them
//   side      on which side of it, where there is room
//   narrow    the same two, {beside, side}, where all stands in one column
//   prepare   brings what is told of into sight
//   isDone    of what seenIn(viewer) told before and tells now: whether the task is fulfilled

import { answerOf, forward } from "./network.js";
import {
  decisionStep,
  fieldStep,
  kernelStep,
  mapStep,
  poolingStep,
  unitStep,
} from "./tour_of_layers.js";
import { sizeOf, term } from "./tour_words.js";

function pictureStep({ state, picture }) {
  const [channels, ...sides] = state.shape;
  const numbers = channels > 1 ? `${channels} numbers for each pixel` : "one number for each pixel";
  return {
    title: "The picture",
    words: [
      `For the network a picture is a grid of numbers: ${sizeOf(sides)} pixels, ${numbers}, `,
      "from 0 (dark) to 1 (light).",
    ],
    task: "Choose another picture.",
    marks: [picture.picks, picture.field],
    side: "below",
    isDone: (before, now) => now.picture !== before.picture,
  };
}

function answerStep({ columns, state }, net) {
  const answers = state.pictures.map((picture) =>
    answerOf(net, forward(net, state.normalised(picture))),
  );
  const isVaried = new Set(answers).size > 1; // untrained, a network may say the same of all
  return {
    title: "The answer",
    words: [
      "The network gives each class a score, the ",
      term("logit"),
      ". The softmax makes shares of the scores, which are 100 % together. The class with the ",
      "largest share is the answer.",
    ],
    task: isVaried
      ? "Choose pictures until the answer is another class."
      : "Choose another picture, and see how the scores change.",
    marks: [columns[0].bars.element],
    side: "below",
    isDone: (before, now) =>
      isVaried ? now.answer !== before.answer : now.picture !== before.picture,
  };
}

function mattersStep({ matters, picture }) {
  return {
    title: "What matters",
    words: [
      "A square of the picture is covered with black, and the network is asked again; so at every ",
      "place. Where the score falls (orange), the network had seen something that speaks for the class.",
    ],
    task: "Press “Which pixels matter”.",
    marks: [matters.button, picture.field],
    beside: picture.element, // below the button appears what it found
    side: "right",
    isDone: (before, now) => now.isCovering,
  };
}

function drawingStep({ picture }) {
  return {
    title: "Your own picture",
    words: [
      "This is no film: the network works on every picture anew, also on yours. It may be wrong, ",
      "most of all where a drawing is unlike the pictures that it has learned from.",
    ],
    task: "Press Clear, and draw: with the pointer, or with the arrow keys and the space bar.",
    marks: [picture.field],
    side: "right",
    isDone: (before, now) => now.isDrawn && now.picture !== before.picture,
  };
}

// The steps for the first network of a viewer, in their order.
export function stepsFor(viewer) {
  const makers = [
    pictureStep,
    answerStep,
    kernelStep,
    mapStep,
    fieldStep,
    poolingStep,
    unitStep,
    decisionStep,
    mattersStep,
    drawingStep,
  ];
  return makers.map((maker) => maker(viewer, viewer.state.nets[0])).filter(Boolean);
}
