// The characters as the model reads them, START first: a row of which one position is chosen.

import { say } from "../words/say.js";
import { element, setText } from "./element.js";

let groups = 0;

/** choose(position) is called when the person picks one. Returns { node, update(tokens, chosen, drawnFrom) }. */
export function tokenRow(choose) {
  const name = `tokens-${++groups}`;
  const node = element("fieldset.tokens", {}, element("legend", {}, say("choose_position")));
  const chips = [];
  node.addEventListener("change", (event) => choose(Number(event.target.value)));

  return {
    node,
    /** tokens: their names; those from index drawnFrom on were drawn, not typed. */
    update(tokens, chosen, drawnFrom = tokens.length) {
      tokens.forEach((token, position) => {
        if (!chips[position]) {
          chips[position] = chip(name, position);
          node.append(chips[position].node);
        }
        chips[position].update(token, position <= chosen, position === chosen, position >= drawnFrom);
      });
      for (const extra of chips.splice(tokens.length)) extra.node.remove();
    },
  };
}

/** A radio button that looks like the token. */
export function chip(name, position) {
  const radio = element("input", { type: "radio", name, value: position });
  const face = element("span.face", { "aria-hidden": "true" });
  const node = element("label.token", {}, radio, face);
  return {
    node,
    update(token, seen, chosen, drawn = false) {
      node.classList.toggle("seen", seen);
      node.classList.toggle("drawn", drawn);
      node.classList.toggle("sentinel", token.length > 1);
      radio.checked = chosen;
      radio.setAttribute("aria-label", say("position_name", { position, token }));
      setText(face, token);
    },
  };
}
