// What the original model gives, beside what the person's edit of it does: an outline where the bar would end, and the value.

import { data, element, number, setText } from "./element.js";
import { say } from "../words/say.js";

/**
 * format: of the value. Returns { node: the outline, value: a node to stand beside the edit's, update(value, place) }; without
 * a value neither is there; place(value) puts the outline in its place.
 */
export function originals(format) {
  const node = element("i.outline", { hidden: "" });
  const shown = data();
  const words = element("span");
  const value = element("span.original", { hidden: "" }, words, " ", shown);
  return {
    node,
    value,
    update(p, place) {
      const nothing = p === undefined;
      if (nothing && node.hidden) return; // as it is until somebody edits
      node.hidden = value.hidden = nothing;
      if (nothing) return;
      setText(words, say("original_value"));
      number(shown, p, format);
      place(p);
    },
  };
}
