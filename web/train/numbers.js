// A run in numbers: where it stands and the moments that were kept, and every step, a hundred at a time.

import { data, decimals, element, number, setText, setTokens } from "../views/element.js";
import { say } from "./say.js";

const COLUMNS = ["step", "loss", "mean", "held_out", "speed"];
const FORMATS = { step: String, loss: decimals(4), mean: decimals(4), held_out: decimals(4), speed: decimals(1) };
const ROWS = 100; // of steps at once

/** Returns { node, update({ events, moments, speed }) }: the latest step first, then the moments, latest first. */
export function trainingTable() {
  const { table, body } = tableOf(say("training"), COLUMNS);
  return {
    node: element("div.scroll", { tabindex: "0", role: "group", "aria-label": say("training") }, table),
    update({ events, moments, speed }) {
      const now = events.at(-1);
      const at = new Map(events.map((event) => [event.step, event]));
      const told = (moment) => ({
        ...at.get(moment.step),
        mean: moment.loss,
        ...moment,
        loss: at.get(moment.step)?.loss,
      });
      const rows = [...moments].reverse().map(told);
      if (now && rows[0]?.step !== now.step) rows.unshift({ ...now, speed });
      fill(body, rows, COLUMNS);
    },
  };
}

/** Returns { node, update({ events, at: the step up to which they are shown, null for the last }) }. */
export function everyStep() {
  const columns = ["step", "text", "loss", "mean"];
  const { table, body } = tableOf(say("every_step"), columns);
  const ways = [-1, 1].map((way) =>
    element("button", { type: "button", onclick: () => turn(way) }, say(way < 0 ? "earlier" : "later")),
  );
  const scroll = element("div.scroll.high", { tabindex: "0", role: "group", "aria-label": say("every_step") }, table);
  const node = element(
    "details.every-step",
    { ontoggle: () => draw() },
    element("summary", {}, say("every_step")),
    element("div.controls", {}, ...ways),
    scroll,
  );
  let events = [];
  let end = null; // the number of events up to which they are shown; null: to the last

  function turn(way) {
    const to = (end ?? events.length) + way * ROWS;
    end = to >= events.length ? null : Math.max(to, Math.min(ROWS, events.length));
    draw();
  }

  function draw() {
    if (!node.open) return;
    const to = Math.min(end ?? events.length, events.length);
    const from = Math.max(0, to - ROWS);
    fill(body, events.slice(from, to).reverse(), columns);
    ways[0].disabled = from === 0;
    ways[1].disabled = to === events.length;
  }

  return {
    node,
    update(latest) {
      events = latest;
      draw();
    },
  };
}

function tableOf(name, columns) {
  const heads = columns.map((column) => element("th", { scope: "col" }, say(`column_${column}`)));
  const body = element("tbody");
  const head = element("thead", {}, element("tr", {}, ...heads));
  return { table: element("table.training", { "aria-label": name }, head, body), body };
}

/** Rows of values by column, touching only what changed. */
function fill(body, rows, columns) {
  while (body.rows.length > rows.length) body.lastChild.remove();
  rows.forEach((row, i) => {
    if (!body.rows[i]) body.append(element("tr", {}, ...columns.map((column) => cell(column))));
    for (const [j, column] of columns.entries()) {
      put(body.rows[i].cells[j].firstChild, column, row[column] ?? null);
    }
  });
}

function put(node, column, value) {
  node.hidden = value === null;
  if (value === null) setText(node, "");
  else if (column === "text") setTokens(node, value);
  else number(node, value, FORMATS[column]);
}

function cell(column) {
  const kind = column === "step" ? element("th", { scope: "row" }) : element("td");
  kind.append(column === "text" ? element("span") : data());
  return kind;
}
