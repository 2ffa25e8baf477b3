// An error of an edited file in words: what happened, what it means, and where to look.

import errors from "../words/en/errors.json";
import { speak } from "../words/phrase.js";
import { phrase } from "./say.js";

// What is told without a line of the file, and yet is about the file itself.
const OF_THE_FILE = new Set(["file_lacks", "shape", "matrices", "recursion", "memory", "exit", "stopped"]);

/** told: see py/error_report.py. Returns a phrase: what happened, in one sentence. */
export function explain(told) {
  if (told.sentence) return told.sentence;
  if (told.distribution) return explainDistribution(told.distribution);
  const title = speak(errors[told.cause]).say("title", told.values);
  return told.line === null ? phrase("error_plain", { title }) : phrase("error_in_line", { title, line: told.line });
}

/** The rest of it: phrases, the last of them what to do. */
export function inFull({ cause, values, line, distribution }) {
  if (distribution) return [];
  const words = speak(errors[cause]);
  const outside = line === null && !OF_THE_FILE.has(cause) ? [speak(errors.outside).phrase("means")] : [];
  return [words.phrase("means", values), ...outside, words.phrase("look", values)];
}

/** What mends it, in words, if the file without the mistake was told, too. */
export function mending({ cause, fixed }) {
  return fixed === null ? null : errors[cause].mend;
}

/** What is no distribution: its value, and whose it is. */
export function explainDistribution({ kind, after, token, value }) {
  return phrase(`distribution_${kind}`, { after, token, value });
}
