// Loss: at each position, the prediction against what truly came next.

import { phrase, say } from "../words/say.js";
import { bars } from "./bars.js";
import { data, decimals, element, number, percent, setText } from "./element.js";
import { chip } from "./tokens.js";

let tables = 0; // so that each has radio buttons of its own

/** choose(position): the person wants that column explained. Returns { node, update({ picture, position }) }. */
export function lossView(choose) {
  const columns = lossColumns(choose);
  const average = averageLoss();
  const formula = nllFormula();
  const heading = element("h3");
  const distribution = bars(say("probabilities"));
  const explained = element("div.explained", {}, element("div.stage", {}, heading, formula.node), distribution.node);
  return {
    node: element("div", {}, columns.node, average.node, explained),
    update({ picture, position: chosen }) {
      const { positions } = picture;
      columns.update(picture, chosen);
      average.update(picture);
      const tokens = positions.slice(0, chosen + 1).map(({ token }) => token);
      setText(heading, phrase("prediction_after", { tokens }));
      formula.update(positions[chosen]);
      distribution.update(positions[chosen], { token: positions[chosen].true, note: say("true_next") });
    },
  };
}

/** The table itself: a row a position, drawn as a column. Returns { node, update(picture, chosen, known) }. */
export function lossColumns(choose) {
  const headings = ["loss_input", "loss_guess", "loss_true", "loss_p_true", "loss_nll"].map((word) =>
    element("th", { scope: "col", role: "columnheader" }, say(word)),
  );
  const body = element("tbody", { role: "rowgroup" });
  const head = element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...headings));
  const table = element("table.losses", { "aria-label": say("loss_table"), role: "table" }, head, body);
  const name = `losses-${++tables}`;
  body.addEventListener("change", (event) => choose(Number(event.target.value)));
  const columns = [];
  return {
    node: element("div.scroll", {}, table),
    /** known: how many positions are shown; the rest keeps its place. */
    update({ positions, guessing_nll }, chosen, known = positions.length) {
      const highest = Math.max(guessing_nll * 1.5, ...positions.map(({ nll }) => nll)); // of the drawing, in nats
      table.style.setProperty("--guessing", guessing_nll / highest);
      positions.forEach((each, i) => {
        if (!columns[i]) {
          columns[i] = column(name, i);
          body.append(columns[i].node);
        }
        columns[i].update(each, each.nll / highest, i === chosen);
        columns[i].node.classList.toggle("unknown", i >= known);
      });
      for (const extra of columns.splice(positions.length)) extra.node.remove();
    },
  };
}

/** One position: a row of the table, drawn as a column. */
function column(name, position) {
  const token = chip({ name, position });
  const guess = element("span");
  const mark = element("span.mark", { role: "img" });
  const truth = element("span");
  const pTrue = data();
  const nll = data();
  const fill = element("span.fill");
  const cell = (...children) => element("td", { role: "cell" }, ...children);
  const node = element(
    "tr",
    { role: "row", "data-part": "loss" },
    element("th", { scope: "row", role: "rowheader" }, token.node),
    cell(guess, mark),
    cell(truth),
    cell(pTrue),
    cell(nll, element("span.track", { "aria-hidden": "true" }, fill)),
  );
  return {
    node,
    update(each, height, chosen) {
      token.update(each.token, chosen, chosen);
      node.classList.toggle("chosen", chosen);
      node.classList.toggle("right", each.right);
      setText(guess, each.guess);
      setText(mark, each.right ? "✓" : "✗");
      mark.setAttribute("aria-label", say(each.right ? "right" : "wrong"));
      setText(truth, each.true);
      number(pTrue, each.p_true, percent);
      number(nll, each.nll, decimals(2));
      fill.style.setProperty("--height", height); // the bar: as tall as the loss is large
    },
  };
}

/** The mean of all columns, beside the loss of guessing. Returns { node, update(picture) }. */
export function averageLoss() {
  const value = data();
  const guessing = data();
  const words = element("span");
  const fill = element("span.fill");
  const track = element("span.track", { "aria-hidden": "true" }, fill);
  const node = element(
    "p.average",
    { "data-part": "average" },
    element("span", {}, `${say("average_loss")} `, value),
    track,
    element("span.guessing", {}, words, " = ", guessing),
  );
  return {
    node,
    update({ mean_nll, guessing_nll, positions }) {
      number(value, mean_nll, decimals(3));
      number(guessing, guessing_nll, decimals(3));
      setText(words, say("guessing_loss", { count: positions[0].candidates.length }));
      const longest = Math.max(guessing_nll * 1.5, mean_nll); // of the drawing, in nats
      fill.style.setProperty("--p", mean_nll / longest);
      track.style.setProperty("--guessing", guessing_nll / longest);
    },
  };
}

/** -log p(n) = -log 0.19 = 1.66, for the chosen position. */
function nllFormula() {
  const token = element("span");
  const p = data();
  const nll = data();
  const node = element("p.formula", { "data-part": "loss" }, "−log p(", token, ") = −log ", p, " = ", nll);
  return {
    node,
    update(position) {
      setText(token, phrase("token", { token: position.true }));
      number(p, position.p_true, decimals(4));
      number(nll, position.nll, decimals(3));
    },
  };
}
