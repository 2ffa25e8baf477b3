// The moments of a step that is told slowly, in their order, and what is said at each.

import { isWorded, phrase, say } from "./step_words.js";

export const STAGES = ["forward", "loss", "gradient", "update", "after"];

const MOMENTS = {
  forward: ["tokens", "probs"],
  loss: ["nll", "average"],
  gradient: ["backward", "uses"],
  update: ["rate", "m", "v", "mean", "mean_square", "change"],
  after: ["weight", "after"],
};

/** [{ stage, name }, …] of a step (see py/one_step.py); an update of another kind has but one. */
export function momentsOf({ adam }) {
  const names = adam ? MOMENTS : { ...MOMENTS, update: ["other_update"] };
  return STAGES.flatMap((stage) => names[stage].map((name) => ({ stage, name })));
}

/** What happens at a moment, as a phrase. */
export function caption(name, step) {
  const { positions, text, loss, loss_after, uses, count, weight, grad } = step;
  const dearest = positions.reduce((worst, each) => (each.nll > worst.nll ? each : worst));
  const blanks = { text, loss, loss_after, count: positions.length };
  switch (name) {
    case "nll":
      return phrase("moment_nll", dearest);
    case "backward":
      return phrase("moment_backward", { count });
    case "uses":
      return phrase(variant("moment_uses", uses.length === 0 ? "none" : uses.length === 1 ? "one" : ""), {
        uses: uses.length,
      });
    case "weight":
      return moved(weight.change, grad, count);
    case "after":
      return phrase(`moment_after_${loss_after === null ? "spoilt" : loss_after < loss ? "less" : "more"}`, blanks);
    default:
      return phrase(`moment_${name}`, blanks);
  }
}

const variant = (name, which) => (isWorded(`${name}_${which}`) ? `${name}_${which}` : name);

/** Where the weight went, and whether that was against what this text asks for. */
function moved(change, grad, count) {
  const way = change === 0 ? "same" : change > 0 ? "up" : "down";
  const against = change * grad > 0 ? say("against") : "";
  return phrase(`moment_weight_${way}`, { size: Math.abs(change), count, against });
}
