// Forward: the characters go in, a probability for every possible next character comes out.

import { phrase, say } from "../words/say.js";
import { steadyAxis } from "./axis.js";
import { bars } from "./bars.js";
import { element, setText } from "./element.js";
import { coatOpener, model } from "./model.js";
import { forwardMoment } from "./moments.js";
import { player } from "./player.js";
import { tokenChoice } from "./tokens.js";

/**
 * choose(position): the prediction there is to be seen. A moment of the player is a position. Returns
 * { node, update({ picture, position, compared }), pause(), watching() }.
 */
export function forwardView(choose) {
  const tokens = tokenChoice(choose);
  const heading = element("h3");
  const distribution = bars(say("probabilities"));
  const axis = steadyAxis();
  const pipeline = element(
    "div.pipeline",
    {},
    element("div.stage", {}, tokens.node),
    model(coatOpener()),
    element("div.stage", {}, heading, distribution.node),
  );
  const controls = player({ scene: pipeline, name: "text", choose });
  return {
    node: element("div", {}, pipeline, controls.node),
    pause: controls.stop,
    watching: controls.watching,
    update({ picture: { text, positions }, position, compared = null }) {
      const names = positions.map(({ token }) => token);
      tokens.update(names, position);
      setText(heading, phrase("after", { tokens: names.slice(0, position + 1) }));
      // One axis for all positions: the bars of one can be compared with those of another.
      const others = compared?.positions ?? [];
      distribution.update(positions[position], null, axis(text, [...positions, ...others]), others[position]);
      controls.update(position, positions.length - 1, forwardMoment(positions[position], position));
    },
  };
}
