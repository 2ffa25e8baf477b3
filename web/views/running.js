// The score of the game as it went: the averages after each letter, yours and the model's, and blind guessing between.

import { say } from "../words/say.js";
import { data, element, number, setText } from "./element.js";
import { nats } from "./nats.js";
import { svg } from "./svg.js";
import { headedTable } from "./table.js";

const [WIDTH, HEIGHT] = [600, 120]; // of the drawing
const SHORTEST = 12; // letters that the drawing has room for at first

/** Returns { node, update(standing) }: as py/lesson.py's standing() has it. */
export function runningScore() {
  const lines = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const above = element("div.above"); // where what is infinite is marked
  const picture = element("div.picture", { "aria-hidden": "true" }, above, lines);
  const keys = Object.fromEntries(["you", "the_model", "blind"].map((who) => [who, element(`span.line-key.${who}`)]));
  const legend = element("p.legend", { "aria-hidden": "true" }, ...Object.values(keys));
  const headings = ["running_letter", "you", "the_model"];
  const { table, body } = headedTable("table.score", say("running_table"), headings);
  const numbers = element(
    "details",
    {},
    element("summary", {}, say("running_numbers")),
    element("div.scroll", {}, table),
  );
  const caption = element("figcaption");
  const node = element("figure.running", {}, caption, legend, picture, numbers);
  return {
    node,
    update({ running, blind }) {
      const known = running.filter(({ you }) => you !== null);
      node.hidden = running.length < 2;
      if (node.hidden) return;
      const highest = Math.max(1.35 * blind, ...known.flatMap(({ you, model }) => [you, model]));
      const last = Math.max(running.length, SHORTEST) - 1;
      const x = (i) => (WIDTH * i) / last;
      const y = (loss) => HEIGHT - (HEIGHT * loss) / highest;
      const line = (who) =>
        running
          .map((row, i) => (row[who] === null ? "" : `${x(i).toFixed(1)},${y(row[who]).toFixed(1)}`))
          .filter(Boolean)
          .join(" ");
      lines.replaceChildren(
        svg("line", { class: "blind", x1: 0, x2: WIDTH, y1: y(blind), y2: y(blind) }),
        svg("polyline", { class: "the_model", points: line("model") }),
        svg("polyline", { class: "you", points: line("you") }),
      );
      const some = running.some(({ impossible }) => impossible);
      setText(caption, [say("running_caption"), ...(some ? [say("running_infinite")] : [])].join(". "));
      const now = running.at(-1);
      for (const [who, loss] of Object.entries({ you: now.you, the_model: now.model, blind })) {
        keys[who].hidden = loss === null;
        setText(keys[who], `${say(who)} ${nats(loss ?? 0)}`);
      }
      const marks = running.flatMap(({ impossible }, i) => (impossible ? [i] : []));
      while (above.children.length > marks.length) above.lastChild.remove();
      while (above.children.length < marks.length) above.append(element("span", {}, "∞"));
      for (const [at, i] of marks.entries()) above.children[at].style.setProperty("--at", i / last);
      while (body.rows.length > running.length) body.lastChild.remove();
      running.forEach((row, i) => {
        if (!body.rows[i]) body.append(runningRow(i + 1));
        const [you, model] = body.rows[i].querySelectorAll("td data");
        if (row.you === null) return;
        number(you, row.you, nats);
        number(model, row.model, nats);
        setText(body.rows[i].querySelector(".note"), row.impossible ? say("impossible_here") : "");
      });
    },
  };
}

function runningRow(position) {
  const place = data();
  number(place, position, String);
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, place),
    element("td", {}, data(), element("span.note")),
    element("td", {}, data()),
  );
}
