// The score of the game: what you, the model and blind guessing pay on average, over this letter, this name, and all.

import { phrase, say } from "../words/say.js";
import { data, element, number, setText } from "./element.js";
import { nats } from "./nats.js";
import { headedTable } from "./table.js";

const SPANS = ["letter", "name", "round", "all"];

/**
 * Returns { node, update(standing, shown) }: standing as py/lesson.py's standing() has it, shown: those of its spans
 * that say something of their own.
 */
export function scoreTable() {
  const { table, body } = headedTable("table.score", say("score_table"), ["score_span", "you", "the_model", "blind"]);
  const note = element("p.hint");
  const rows = new Map();
  return {
    node: element("div.scored", {}, element("div.scroll", {}, table), note),
    update(standing, shown) {
      const lines = SPANS.filter((span) => shown.includes(span)).map((span) => [span, standing[span]]);
      const { impossible = 0, rest } = standing.all;
      if (rest) lines.push(["rest", rest]);
      for (const [span, row] of rows) if (!lines.some(([each]) => each === span)) row.node.remove();
      for (const [span, averages] of lines) {
        if (!rows.has(span)) rows.set(span, scoreRow());
        rows.get(span).update(phrase(`score_${span}`, averages), averages, standing.blind);
        body.append(rows.get(span).node);
      }
      const told = [say(impossible === 1 ? "impossible_one" : "impossible_more", { count: impossible })];
      if (rest) told.push(say("impossible_rest"));
      setText(note, impossible ? told.join(" ") : "");
    },
  };
}

function scoreRow() {
  const label = element("th", { scope: "row" });
  const numbers = [data(), data(), data()];
  const node = element("tr", {}, label, ...numbers.map((each) => element("td", {}, each)));
  return {
    node,
    update(words, { you, model }, blind) {
      setText(label, words);
      for (const [i, loss] of [you, model, blind].entries()) number(numbers[i], loss, nats);
    },
  };
}
