// Words of the tour.

import { make } from "../dom.js";

// A word that is explained where it stands.
export const term = (word) => make("dfn", {}, word);

// 28×28
export const sizeOf = (sides) => sides.join("×");
