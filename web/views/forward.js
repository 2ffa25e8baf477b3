// Forward: the characters go in, a probability for every possible next character comes out.

import { phrase, say } from "../words/say.js";
import { bars } from "./bars.js";
import { element, setText } from "./element.js";
import { model } from "./model.js";
import { tokenChoice } from "./tokens.js";

/** choose(position): the person wants to see the prediction there. Returns { node, update({ picture, position }) }. */
export function forwardView(choose) {
  const tokens = tokenChoice(choose);
  const heading = element("h3");
  const distribution = bars(say("probabilities"));
  const node = element(
    "div.pipeline",
    {},
    element("div.stage", {}, tokens.node),
    model(),
    element("div.stage", {}, heading, distribution.node),
  );
  return {
    node,
    update({ picture: { positions }, position }) {
      const names = positions.map(({ token }) => token);
      tokens.update(names, position);
      setText(heading, phrase("after", { tokens: names.slice(0, position + 1) }));
      distribution.update(positions[position]);
    },
  };
}
