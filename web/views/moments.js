// What is seen at a moment, in one sentence: the same for the clips and for the reader's own text.

import { phrase } from "../words/say.js";

/** Position i of a text is read. */
export function forwardMoment({ token, candidates: [best] }, i) {
  return phrase(i === 0 ? "moment_forward_first" : "moment_forward", { token, best: best.token, p: best.p });
}

/** The prediction of a position meets the truth. */
export function lossMoment({ token, guess, right, true: truth, p_true, nll }) {
  const told = { token, guess, true: truth, p: p_true, nll };
  return phrase(right ? "moment_loss_right" : "moment_loss_wrong", told);
}

/** All positions together. */
export function averageMoment({ mean_nll, perplexity, positions }) {
  return phrase("moment_loss_average", { average: mean_nll, faces: perplexity, count: positions.length });
}

/** What may come after these tokens lies on the line. */
export function lineMoment(tokens) {
  return phrase("moment_line", { tokens });
}

/** The last random number has fallen. */
export function lastDrawMoment(draw) {
  return phrase(draw.from_other ? "moment_drew_other" : "moment_drew", draw);
}

/** A random number falls. */
export function drawMoment(draw) {
  return phrase(draw.from_other ? "moment_draw_other" : "moment_draw", draw);
}
