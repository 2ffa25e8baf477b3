// A name of the game once it is over: letter by letter what you and the model gave the truth, and what it cost you both.

import { say } from "../words/say.js";
import { data, element, number, percent, setToken } from "./element.js";
import { isInfinite, nats, reach, tallest } from "./nats.js";
import { headedTable } from "./table.js";

/** Returns { node, update(bets, blind) }: bets as rooms/game.js keeps them; blind: the loss of guessing blindly. */
export function wholeName() {
  const headings = ["loss_true", "your_p", "your_loss", "model_p", "model_loss"];
  const { table, body } = headedTable("table.whole-name", say("whole_table"), headings);
  return {
    node: element("div.scroll", {}, table),
    update(bets, blind) {
      const top = tallest(
        blind,
        bets.flatMap(({ you, model }) => [you, model]),
      );
      table.style.setProperty("--guessing", reach(blind, top));
      body.replaceChildren(...bets.map((bet) => row(bet, top)));
    },
  };
}

function row({ true: truth, p, model_p, you, model }, top) {
  const token = element("th", { scope: "row" });
  setToken(token, truth);
  return element(
    "tr",
    {},
    token,
    element("td", {}, filled(p, percent)),
    loss(you, top, "you"),
    element("td", {}, filled(model_p, percent)),
    loss(model, top, "the_model"),
  );
}

function loss(cost, top, who) {
  const fill = element("span.fill");
  fill.style.setProperty("--height", reach(cost, top));
  const kind = isInfinite(cost) ? `td.${who}.infinite` : `td.${who}`;
  return element(kind, {}, filled(cost, nats), element("span.track", { "aria-hidden": "true" }, fill));
}

function filled(value, format) {
  const node = data();
  number(node, value, format);
  return node;
}
