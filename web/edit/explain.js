// An error of an edited file as a sentence: what happened, and where to look.

import { named } from "../words/characters.js";
import { phrase, say } from "./say.js";

/** told: see py/error_report.py. Returns a phrase. */
export function explain(told) {
  const { type, message, line, missing, beyond, returned, character, distribution } = told;
  if (distribution) return explainDistribution(distribution);
  if (missing) return phrase("name_missing", { name: missing });
  if (returned?.value === "None") return phrase("returned_nothing", returned);
  if (returned) return phrase("returned_other", returned);
  if (beyond) return phrase("beyond", { name: beyond, line });
  if (type === "SystemExit" && line) return phrase("exit", { line });
  if (type === "EOFError" && line) return phrase("nobody_to_ask", { line });
  if (character) return phrase("character_odd", { character: named(character), line });
  const where = line === null ? "error_plain" : "error_in_line";
  return phrase(where, { type, message: message.replace(/\.$/, "") || say("error_without_words"), line });
}

/** What is no distribution: its value, and whose it is. */
export function explainDistribution({ kind, after, token, value }) {
  return phrase(`distribution_${kind}`, { after, token, value });
}
