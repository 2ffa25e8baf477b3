// Loss: at each position, the prediction against what truly came next.

import { say } from "../words/say.js";
import { bars } from "./bars.js";
import { data, decimals, element, number, percent, setText } from "./element.js";
import { chip } from "./tokens.js";

/** choose(position): the person wants that column explained. Returns { node, update(picture, position) }. */
export function lossView(choose) {
  const headings = ["loss_input", "loss_guess", "loss_true", "loss_p_true", "loss_nll"].map((word) =>
    element("th", { scope: "col", role: "columnheader" }, say(word)),
  );
  const body = element("tbody", { role: "rowgroup" });
  const table = element(
    "table.losses",
    { "aria-label": say("loss_table"), role: "table" },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...headings)),
    body,
  );
  body.addEventListener("change", (event) => choose(Number(event.target.value)));
  const columns = [];
  const average = averageLoss();
  const formula = nllFormula();
  const heading = element("h3");
  const distribution = bars(say("probabilities"));
  const node = element(
    "div",
    {},
    element("div.scroll", {}, table),
    average.node,
    element("div.explained", {}, element("div.stage", {}, heading, formula.node), distribution.node),
  );

  return {
    node,
    update({ positions, mean_nll, guessing_nll }, chosen) {
      const highest = Math.max(guessing_nll * 1.5, ...positions.map(({ nll }) => nll)); // of the drawing, in nats
      table.style.setProperty("--guessing", guessing_nll / highest);
      positions.forEach((each, i) => {
        if (!columns[i]) {
          columns[i] = column(i);
          body.append(columns[i].node);
        }
        columns[i].update(each, each.nll / highest, i === chosen);
      });
      for (const extra of columns.splice(positions.length)) extra.node.remove();
      average.update(mean_nll, guessing_nll, positions[chosen].candidates.length);
      const tokens = positions.slice(0, chosen + 1).map(({ token }) => token);
      setText(heading, say("prediction_after", { tokens: tokens.join(" ") }));
      formula.update(positions[chosen]);
      distribution.update(positions[chosen], positions[chosen].true);
    },
  };
}

/** One position: a row of the table, drawn as a column. */
function column(position) {
  const token = chip("loss-position", position);
  const guess = element("span");
  const mark = element("span.mark", { role: "img" });
  const truth = element("span");
  const pTrue = data();
  const nll = data();
  const fill = element("span.fill");
  const cell = (...children) => element("td", { role: "cell" }, ...children);
  const node = element(
    "tr",
    { role: "row" },
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

/** The mean of all columns, on a line that ends at the loss of guessing. */
function averageLoss() {
  const value = data();
  const guessing = data();
  const words = element("span");
  const fill = element("span.fill");
  const node = element(
    "p.average",
    {},
    element("span", {}, `${say("average_loss")} `),
    element("output", { "aria-label": say("average_loss") }, value),
    element("span.track", { "aria-hidden": "true" }, fill),
    element("span.guessing", {}, words, " = ", guessing),
  );
  return {
    node,
    update(mean, blind, count) {
      number(value, mean, decimals(3));
      number(guessing, blind, decimals(3));
      setText(words, say("guessing_loss", { count }));
      fill.style.setProperty("--p", Math.min(1, mean / blind));
    },
  };
}

/** -log p(n) = -log 0.19 = 1.66, for the chosen position. */
function nllFormula() {
  const token = element("b");
  const p = data();
  const nll = data();
  const node = element("p.formula", {}, "−log p(", token, ") = −log ", p, " = ", nll);
  return {
    node,
    update(position) {
      setText(token, position.true);
      number(p, position.p_true, decimals(4));
      number(nll, position.nll, decimals(3));
    },
  };
}
