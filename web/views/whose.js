// Which file computes what is on the screen, and with which weights.

import { say } from "../words/say.js";

/** edit: the edit in use (see in_use.js), or null for the original. */
export function whose(edit) {
  return edit ? say("whose_edit", { lines: changedLines(edit.changed) }) : say("whose_original");
}

export const changedLines = (count) => say(`lines_${count === 1 ? "one" : "more"}`, { changed: count });

/**
 * weights: those in use (see in_use.js), or null for those that came with the page. name: what they were trained on, or
 * the file they were opened from; step: of the run that they are from, where they are from one; learning: whether it goes
 * on; moment: whether they are those of an earlier step that is looked at.
 */
export function whoseWeights(weights) {
  if (!weights) return say("weights_shipped");
  const { name, step, learning, moment } = weights;
  const kind = step === null ? "file" : moment ? "moment" : learning ? "learning" : "learned";
  return say(`weights_${kind}`, { name, step: step?.toLocaleString("en") });
}
