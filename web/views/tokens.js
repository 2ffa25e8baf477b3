// The characters as the model reads them, START first: to look at, or to choose a position of.

import { heard } from "../words/characters.js";
import { say } from "../words/say.js";
import { element, setToken } from "./element.js";

let groups = 0; // so that each row has radio buttons of its own

/** A row to choose from; choose(position) is called when the person picks one. */
export function tokenChoice(choose) {
  const name = `tokens-${++groups}`;
  const node = element("fieldset.tokens", { "data-part": "tokens" }, element("legend", {}, say("choose_position")));
  node.addEventListener("change", (event) => choose(Number(event.target.value)));
  return row(node, (position) => chip({ name, position }));
}

/** A row only to look at. */
export function tokenList() {
  return row(element("div.tokens", { role: "list", "aria-label": say("tokens"), "data-part": "tokens" }), () => chip());
}

function row(node, makeChip) {
  const chips = [];
  return {
    node,
    /** tokens: their names; up to `chosen` they are seen; from `drawnFrom` on they were drawn, not typed. */
    update(tokens, chosen, drawnFrom = tokens.length) {
      tokens.forEach((token, position) => {
        if (!chips[position]) {
          chips[position] = makeChip(position);
          node.append(chips[position].node);
        }
        chips[position].update(token, position <= chosen, position === chosen, position >= drawnFrom);
      });
      for (const extra of chips.splice(tokens.length)) extra.node.remove();
    },
  };
}

/** One token; with a radio button ({ name, position }) it can be chosen. Returns { node, update }. */
export function chip(radioButton = null) {
  const face = element("span.face");
  const node = radioButton ? element("label.token", {}, face) : element("span.token", { role: "listitem" }, face);
  let radio = null;
  if (radioButton) {
    radio = element("input", { type: "radio", name: radioButton.name, value: radioButton.position });
    face.setAttribute("aria-hidden", "true"); // the radio button's name says it all
    node.prepend(radio);
  }
  return {
    node,
    update(token, seen, chosen, drawn = false) {
      node.classList.toggle("seen", seen);
      node.classList.toggle("chosen", chosen);
      node.classList.toggle("drawn", drawn);
      node.classList.toggle("sentinel", [...token].length > 1);
      setToken(face, token);
      if (radio) {
        radio.checked = chosen;
        radio.setAttribute("aria-label", say("position_name", { position: radioButton.position, token: heard(token) }));
      }
    },
  };
}
