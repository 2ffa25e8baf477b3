// What a screen reader is told of a result: one sentence, once, when the person pauses.

import { heard } from "../words/characters.js";
import { say } from "../words/say.js";
import { percent, setText } from "./element.js";

const PAUSE = 600; // ms without a change before it is worth saying

/** Returns { update(seen): see loop.js }. */
export function liveRegion(node) {
  let timer = null;
  return {
    update(seen) {
      clearTimeout(timer);
      timer = setTimeout(() => setText(node, sentence(seen)), PAUSE);
    },
  };
}

function sentence({ picture, state: { mode }, position }) {
  const { text, positions, next, mean_nll, draws, ended } = picture;
  const spoken = heard(text) || say("empty_text");
  if (mode === "loss") return say("announce_loss", { text: spoken, average: mean_nll.toFixed(3) });
  const last = draws.at(-1);
  if (mode === "sample" && last) {
    const drew = say("announce_draw", { token: heard(last.token), probability: percent(last.p), text: spoken });
    return ended ? `${drew} ${say(`ended_${ended}`, { positions: positions.length })}` : drew;
  }
  // Sample shows what may follow the whole text, at its temperature; Forward what is predicted at the chosen position.
  const [seen, { candidates }] = mode === "sample" ? [positions.length, next] : [position + 1, positions[position]];
  const tokens = positions.slice(0, seen).map(({ token }) => token);
  const best = candidates.slice(0, 3).map(({ token, p }) => `${heard(token)} ${percent(p)}`);
  return say("announce_forward", { tokens, likeliest: best.join(", ") });
}
