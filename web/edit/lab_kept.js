// What a person has tried of the experiments and challenges, kept in this browser.

import { keep, keptJson } from "../storage.js";

const KEY = "trenchcoat-lab";
const EMPTY = { answers: {}, hints: {}, tries: {}, done: {}, applied: null };

/** Returns { get(): as EMPTY is, put(patch) }. applied: { id, before, text: the file before and after }, or null. */
export function keptLab() {
  let now = { ...EMPTY, ...read() };
  addEventListener("storage", ({ key }) => {
    const { applied, ...others } = read(); // what another tab has applied is in that tab's file
    if (key === KEY) now = { ...now, ...others };
  });
  return {
    get: () => now,
    put(patch) {
      now = { ...now, ...patch };
      keep(KEY, JSON.stringify(now));
    },
  };
}

/** Only what has the right shape: something else may have been put there. */
function read() {
  const before = keptJson(KEY) ?? {};
  const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const records = ["answers", "hints", "tries", "done"].filter((name) => isRecord(before[name]));
  const right = Object.fromEntries(records.map((name) => [name, before[name]]));
  const { applied } = before;
  if (["id", "before", "text"].every((name) => typeof applied?.[name] === "string")) right.applied = applied;
  return right;
}
