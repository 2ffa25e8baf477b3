// What was trained, kept in this browser: the weights in use, so that they are after a reload, and the run they are from,
// so that it can go on.

import { keep, keepLarge, kept, keptJson, keptLarge } from "../storage.js";

const WEIGHTS = "trenchcoat-weights";
const RUN = "run";
const MOST = 2_000_000; // characters of what is kept: more was not put there by this page

/** The weights in use when the page was left (see ../in_use.js), or null. Whether they are any, Python says. */
export function keptWeights() {
  if (kept(WEIGHTS)?.length > MOST) return null;
  const { text, vocabulary, name, step, examples } = keptJson(WEIGHTS) ?? {};
  const texts = Array.isArray(examples) && examples.every((each) => typeof each === "string");
  const isStep = step === null || (Number.isInteger(step) && step >= 0);
  const isWhole = [text, vocabulary, name].every((each) => typeof each === "string") && vocabulary !== "";
  return isWhole && isStep && texts ? { text, vocabulary, name, step, examples, learning: false, moment: false } : null;
}

/** Keep weights, or with null, none. Returns whether this browser did. */
export function keepWeights(weights) {
  return keep(WEIGHTS, weights && JSON.stringify(weights));
}

/**
 * The run that was kept: { text: as py/trainer.py put it away, weights: the text of their file at that step, step, done,
 * changed: lines of the edit that it was trained by, 0 for the original }, or null.
 */
export async function keptRun() {
  const run = await keptLarge(RUN);
  const isWhole = typeof run?.text === "string" && typeof run.weights === "string";
  return isWhole && Number.isInteger(run.step) ? run : null;
}

/** Keep a run, or with null, none. Resolves to whether this browser did. */
export function keepRun(run) {
  return keepLarge(RUN, run);
}
