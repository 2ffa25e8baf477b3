// A list of cards, each of which can be opened.

import { element } from "../views/element.js";

/** cards: [{ node, update() }, …]. Returns { node, update() }. */
export function cardList(cards) {
  return {
    node: element("ol.cards", {}, ...cards.map(({ node }) => element("li", {}, node))),
    update() {
      for (const card of cards) card.update();
    },
  };
}
