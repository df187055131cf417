// What the tasks of the tour may change, as it is now.

import { answerOf } from "./network.js";
import { receptiveField } from "./receptive_field.js";

export function seenIn({ state, play, matters, decision }) {
  const { nets, values, unit, picture, drawn } = state;
  const [top, left, bottom, right] = receptiveField(nets[unit.net], unit.at, unit.index);
  return {
    picture,
    isDrawn: drawn,
    unit,
    field: (bottom - top + 1) * (right - left + 1),
    answer: answerOf(nets[0], values[0]),
    isPlaying: play.isOn,
    isCovering: matters.isOn,
    isSplit: decision.element.open,
  };
}
