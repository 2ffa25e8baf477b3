// Which engine makes the steps of a run, and why, in a sentence; and how fast they are to go.

import { element } from "../views/element.js";
import { phrase, say } from "./say.js";

const PACES = ["fast", "slow"];

/** engine: as py/takeover.py tells it. slowly: whether each step is to be watched. */
export function engineSentence({ engine, slowly }) {
  const { name, part, done, of, reasons, times } = engine;
  const why = reasons.at(-1);
  if (name === "plain") return say("engine_plain", { why });
  if (name === "replayed") {
    const key = times === null ? "engine_ready" : "engine_replayed";
    return phrase(why ? `${key}_each` : key, { times, why });
  }
  if (slowly) return say("engine_slow");
  if (done === 0) return say("engine_first");
  return say("engine_preparing", { part: say(`part_${part}`), done: done + 1, of });
}

/** choose(slowly): which was chosen. */
export function paceChoice(choose) {
  const options = PACES.map((pace) => element("option", { value: pace }, say(`pace_${pace}`)));
  const select = element("select", { onchange: () => choose(select.value === "slow") }, ...options);
  return element("label.pace", {}, element("span", {}, say("pace")), select);
}
