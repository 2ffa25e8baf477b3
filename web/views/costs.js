// What one bet of the game cost: yours, the model's, and what guessing blindly costs, each with its formula filled in.

import { phrase, say } from "../words/say.js";
import { data, decimals, element, number, percent, setText } from "./element.js";
import { isInfinite, nats, reach, tallest } from "./nats.js";

const WHO = ["you", "the_model", "blind"];
const IN_ANSWER = { you: "you", the_model: "model", blind: "blind" };

/** Returns { node, update({ judged, chips, tokens, n }) }: judged as py/lesson.py's judge() has it. */
export function costs() {
  const rows = Object.fromEntries(WHO.map((who) => [who, costRow(who)]));
  const node = element("dl.costs", {}, ...WHO.map((who) => rows[who].node));
  return {
    node,
    update({ judged, chips, tokens, n }) {
      const truth = tokens.indexOf(judged.true);
      const kept = n - chips.reduce((sum, count) => sum + count, 0);
      const top = tallest(
        judged.blind.loss,
        WHO.map((who) => judged[IN_ANSWER[who]].loss),
      );
      node.style.setProperty("--guessing", reach(judged.blind.loss, top));
      for (const who of WHO) {
        const laid = { you: chips[truth], the_model: null, blind: 0 }[who];
        rows[who].update(judged[IN_ANSWER[who]], top, {
          laid,
          kept: who === "blind" ? n : kept,
          n,
          of: tokens.length,
        });
      }
    },
  };
}

/** What came, and how well each fared: one sentence, for the eye and for the ear. */
export function verdictSentence({ true: truth, you, model, better }) {
  return phrase(`verdict_${better}`, { true: truth, p: you.p, model_p: model.p });
}

/** The three losses, for a sentence. */
export function costsOf({ you, model, blind }) {
  return { you: you.loss, model: model.loss, blind: blind.loss };
}

/** (6 + 3/27) / 20 = 30.6%, −log 0.3056 = 1.19, and a bar as long as that. */
function costRow(who) {
  const share = element("span.share-of");
  const p = data();
  const pAgain = data();
  const loss = data();
  const fill = element("span.fill");
  const node = element(
    `div.cost.${who}`,
    {},
    element("dt", {}, say(who)),
    element("dd.given", {}, share, p),
    element("dd.formula", {}, "−log ", pAgain, " = ", loss),
    element("dd.track", { "aria-hidden": "true" }, fill),
  );
  return {
    node,
    update({ p: given, loss: cost }, top, { laid, kept, n, of }) {
      setText(share, laid === null ? "" : `${say("share_formula", { laid, kept, n, of })} = `);
      number(p, given, percent);
      number(pAgain, given, given === 0 ? String : decimals(4));
      number(loss, cost, nats);
      node.classList.toggle("infinite", isInfinite(cost));
      fill.style.setProperty("--height", reach(cost, top));
    },
  };
}
