// What is seen at a moment, in one sentence: the same for the clips and for the reader's own text.

import { phrase } from "../words/say.js";
import { decimals, percent } from "./element.js";

/** Position i of a text is read. */
export function forwardMoment({ token, candidates: [best] }, i) {
  return phrase(i === 0 ? "moment_forward_first" : "moment_forward", { token, best: best.token, p: percent(best.p) });
}

/** The prediction of a position meets the truth. */
export function lossMoment({ token, guess, right, true: truth, p_true, nll }) {
  const told = { token, guess, true: truth, p: percent(p_true), nll: decimals(2)(nll) };
  return phrase(right ? "moment_loss_right" : "moment_loss_wrong", told);
}

/** All positions together. */
export function averageMoment({ mean_nll, positions }) {
  return phrase("moment_loss_average", { average: decimals(3)(mean_nll), count: positions.length });
}

/** What may come after these tokens lies on the line. */
export function lineMoment(tokens) {
  return phrase("moment_line", { tokens });
}

/** The last random number has fallen. */
export function lastDrawMoment(draw) {
  return phrase(draw.from_other ? "moment_drew_other" : "moment_drew", drawn(draw));
}

/** A random number falls. */
export function drawMoment(draw) {
  return phrase(draw.from_other ? "moment_draw_other" : "moment_draw", drawn(draw));
}

const drawn = ({ number, token, p }) => ({ number: decimals(4)(number), token, p: percent(p) });
