// What was trained, kept in this browser: the weights in use, so that they are after a reload, and the run they are from,
// so that it can go on.

import { keep, kept, keptJson } from "../storage.js";

const WEIGHTS = "trenchcoat-weights";
const RUN = "trenchcoat-run";
const MOST = 4_500_000; // characters of what is kept: more was not put there by this page

/** The weights in use when the page was left (see ../in_use.js), or null. Whether they are any, Python says. */
export function keptWeights() {
  if (!isShort(WEIGHTS)) return null;
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
 * The run that was kept: { text: as py/trainer.py put it away, step, steps, name, weights: the text of their file at that
 * step, examples, vocabulary, changed: lines of the edit that it was trained by, 0 for the original }, or null.
 */
export function keptRun() {
  const run = isShort(RUN) ? keptJson(RUN) : null;
  const isWhole = [run?.text, run?.name, run?.weights].every((each) => typeof each === "string");
  return isWhole && Number.isInteger(run.step) && Number.isInteger(run.steps) ? run : null;
}

/** Keep a run, or with null, none. Returns whether this browser did. */
export function keepRun(run) {
  return keep(RUN, run && JSON.stringify(run));
}

const isShort = (name) => !(kept(name)?.length > MOST);
