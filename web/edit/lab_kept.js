// What a person has tried of the experiments and challenges, kept in this browser.

const KEY = "trenchcoat-lab";
const EMPTY = { answers: {}, hints: {}, tries: {}, done: {}, applied: null };

/** Returns { get(): as EMPTY is, put(patch) }. applied: { id, before, text: the file
 * before and after } while something is applied. */
export function keptLab() {
  let now = { ...EMPTY, ...read() };
  return {
    get: () => now,
    put(patch) {
      now = { ...now, ...patch };
      try {
        localStorage.setItem(KEY, JSON.stringify(now));
      } catch {
        // There is no storage here, or no room in it: then it is known as long as the page is open.
      }
    },
  };
}

/** Only what has the right shape: something else may have been put there. */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
    const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
    const records = ["answers", "hints", "tries", "done"].filter((name) => isRecord(kept[name]));
    const right = Object.fromEntries(records.map((name) => [name, kept[name]]));
    const { applied } = kept;
    if (["id", "before", "text"].every((name) => typeof applied?.[name] === "string")) right.applied = applied;
    return right;
  } catch {
    return {};
  }
}
