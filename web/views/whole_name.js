// A name of the game once it is over: letter by letter what you and the model gave the truth, and what it cost you both.

import { say } from "../words/say.js";
import { data, element, number, percent, setToken } from "./element.js";
import { nats } from "./costs.js";

/** Returns { node, update(bets, blind) }: bets as rooms/game.js keeps them; blind: the loss of guessing blindly. */
export function wholeName() {
  const headings = ["loss_true", "your_p", "your_loss", "model_p", "model_loss"];
  const body = element("tbody");
  const table = element(
    "table.whole-name",
    { "aria-label": say("whole_table") },
    element("thead", {}, element("tr", {}, ...headings.map((word) => element("th", { scope: "col" }, say(word))))),
    body,
  );
  return {
    node: element("div.scroll", {}, table),
    update(bets, blind) {
      const finite = bets.flatMap(({ you, model }) => [Number(you), Number(model)]).filter(Number.isFinite);
      const highest = Math.max(1.5 * blind, ...finite); // of the drawing, in nats
      table.style.setProperty("--guessing", blind / highest);
      body.replaceChildren(...bets.map((bet) => row(bet, highest)));
    },
  };
}

function row({ true: truth, p, model_p, you, model }, highest) {
  const token = element("th", { scope: "row" });
  setToken(token, truth);
  return element(
    "tr",
    {},
    token,
    element("td", {}, filled(p, percent)),
    loss(you, highest, "you"),
    element("td", {}, filled(model_p, percent)),
    loss(model, highest, "the_model"),
  );
}

function loss(cost, highest, who) {
  const fill = element("span.fill");
  fill.style.setProperty("--height", Math.min(Number(cost) / highest, 1));
  const kind = Number.isFinite(Number(cost)) ? `td.${who}` : `td.${who}.infinite`;
  return element(kind, {}, filled(cost, nats), element("span.track", { "aria-hidden": "true" }, fill));
}

function filled(value, format) {
  const node = data();
  number(node, value, format);
  return node;
}
