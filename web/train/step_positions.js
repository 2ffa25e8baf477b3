// The predictions of a step: p of what truly came, its loss, the average; and the same after the step.

import { axisEnd } from "../views/axis.js";
import { data, decimals, element, number, percent, setText, setToken } from "../views/element.js";
import { headedTable } from "../views/table.js";
import { say } from "./step_words.js";

const SHOWN = ["probs", "nll", "average", "after"]; // moments, each of which adds something to the table

/** Returns { node, update(step, moment): the last of SHOWN that is known }. */
export function stepPositions() {
  const { table, body } = headedTable("table.predictions", say("predictions"), ["reads", "true", "p", "nll"], say);
  const average = averageRow();
  const foot = element("tfoot", {}, average.node);
  table.append(foot);
  let rows = [];
  return {
    node: element("div.scroll", {}, table),
    update(step, moment) {
      const { positions } = step;
      const known = SHOWN.indexOf(moment);
      table.classList.toggle("priced", known >= 1);
      table.classList.toggle("averaged", known >= 2);
      table.classList.toggle("again", known >= 3);
      if (rows.length !== positions.length) {
        rows = positions.map(predictionRow);
        body.replaceChildren(...rows.map(({ node }) => node));
      }
      const longest = axisEnd(Math.max(...positions.flatMap(({ p, p_after }) => [p, p_after ?? 0])));
      const dearest = Math.max(...positions.flatMap(({ nll, nll_after }) => [nll, nll_after ?? 0]));
      for (const [i, row] of rows.entries()) row.update(positions[i], longest, dearest);
      average.update(step);
    },
  };
}

function predictionRow() {
  const [token, truth] = [element("span.face"), element("span.face")];
  const [p, nll] = [twice(percent), twice(decimals(2))];
  return {
    node: element(
      "tr",
      {},
      element("th", { scope: "row" }, element("span.token", {}, token)),
      element("td", {}, element("span.token.seen", {}, truth)),
      p.node,
      nll.node,
    ),
    update(each, longest, dearest) {
      for (const [node, name] of [
        [token, each.token],
        [truth, each.true],
      ]) {
        setToken(node, name);
        node.parentNode.classList.toggle("sentinel", [...name].length > 1);
      }
      p.update(each.p, each.p_after, longest);
      nll.update(each.nll, each.nll_after, dearest);
    },
  };
}

function averageRow() {
  const loss = twice(decimals(3), "td.mean", false);
  const head = element("th", { scope: "row", colspan: 3 }, say("average"));
  return {
    node: element("tr", {}, head, loss.node),
    update: (step) => loss.update(step.loss, step.loss_after),
  };
}

/** A number, what it becomes, and a bar for each. */
function twice(format, kind = "td", drawn = true) {
  const [before, after] = [data(), data()];
  const becomes = element("span.becomes", {}, arrow());
  const then = element("span.becomes", {}, " ", after);
  const [old, now] = [element("span.fill.was"), element("span.fill.is")];
  const track = element("span.track", { "aria-hidden": "true" }, old, now);
  return {
    node: element(kind, {}, element("span.kept-together", {}, before, becomes), then, ...(drawn ? [track] : [])),
    update(was, is, whole) {
      number(before, was, format);
      if (is === null) after.removeAttribute("value");
      if (is === null) setText(after, "–");
      else number(after, is, format);
      if (!drawn) return;
      old.style.setProperty("--reach", was / whole);
      now.style.setProperty("--reach", (is ?? 0) / whole);
    },
  };
}

/** An arrow that is heard as a word. */
function arrow() {
  return element(
    "span",
    {},
    element("span", { "aria-hidden": "true" }, " →"),
    element("span.sr-only", {}, say("becomes")),
  );
}
