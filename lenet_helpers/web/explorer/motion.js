// From the old arrangement to the new one: short, and none where the reader asks for less motion.

import { wantsStill } from "../motion.js";

const PACE = 450; // milliseconds
const TIMING = { duration: PACE, easing: "ease-in-out" };

function animate(element, frames, done) {
  if (wantsStill()) return done?.();
  element.animate(frames, TIMING).onfinish = done ?? null;
  return undefined;
}

// Go from one transform to another, which stays.
export function glide(element, from, to) {
  element.style.transform = to;
  if (from !== to) animate(element, [{ transform: from }, { transform: to }]);
}

// End what is under way.
export function settle(element) {
  for (const animation of element.getAnimations()) animation.finish();
}

const GONE = { transform: "scale(0)", opacity: 0 };
const THERE = { transform: "scale(1)", opacity: 1 };

export const grow = (element) => animate(element, [GONE, THERE]);

// Shrink to nothing and leave the page.
export const leave = (element) => animate(element, [THERE, GONE], () => element.remove());

// A list of elements of a drawing that go on existing while their places change. What is new comes
// from the place of the one before it, what is too many leaves.
export class Company {
  constructor(layer, create) {
    Object.assign(this, { layer, create, members: [] });
  }

  // Send the elements to `transforms`, slowly or at once.
  go(transforms, isSlow) {
    const { layer, members } = this;
    for (const extra of members.splice(transforms.length)) extra.remove();
    while (members.length < transforms.length) {
      const member = this.create();
      member.style.transform = members.at(-1)?.style.transform ?? transforms[members.length];
      layer.append(member);
      members.push(member);
    }
    members.forEach((member, i) => {
      const from = member.style.transform;
      if (isSlow) glide(member, from, transforms[i]);
      else member.style.transform = transforms[i];
    });
  }
}
