// The first screen's picture: the characters go into the coat, the bars come out.

import { say } from "../words/say.js";
import { steadyAxis } from "./axis.js";
import { bars } from "./bars.js";
import { element } from "./element.js";
import { model } from "./model.js";
import { tokenList } from "./tokens.js";

/** Returns { node, update({ picture, position }) }. */
export function openingView() {
  const tokens = tokenList();
  const distribution = bars(say("expected"));
  const axis = steadyAxis();
  const node = element("div.pipeline", {}, tokens.node, model(), distribution.node);
  return {
    node,
    update({ picture: { text, positions }, position, compared = null }) {
      const names = positions.map(({ token }) => token);
      tokens.update(names, position);
      const others = compared?.positions ?? [];
      distribution.update(positions[position], null, axis(text, [...positions, ...others]), others[position]);
    },
  };
}
