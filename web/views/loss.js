// Loss: at each position, the prediction against what truly came next.

import { phrase, say } from "../words/say.js";
import { steadyAxis } from "./axis.js";
import { bars } from "./bars.js";
import { data, decimals, element, number, percent, setText, setToken } from "./element.js";
import { averageMoment, lossMoment } from "./moments.js";
import { coatOpener } from "./model.js";
import { tallest } from "./nats.js";
import { originals } from "./originals.js";
import { player } from "./player.js";
import { drawnTable } from "./table.js";
import { chip } from "./tokens.js";

const MANY = 8; // columns: from here on they are drawn smaller, where there is little room
const WIDE = 13; // columns, beside which there is no room for anything else

let tables = 0; // so that each has radio buttons of its own

/**
 * choose(position): that column is to be explained. The moments of the player are the columns, one after the other, and
 * then all of them with their average, which is also what stands there when nothing is played. Returns
 * { node, update({ picture, position, compared }), pause(), watching() }.
 */
export function lossView(choose) {
  const losses = lossPicture(choose);
  const formula = nllFormula();
  const heading = element("h3");
  const distribution = bars(say("probabilities"));
  const axis = steadyAxis();
  const odds = element("p.odds");
  const explained = element(
    "div.explained",
    {},
    element("div.stage", {}, heading, formula.node),
    distribution.node,
    coatOpener(),
  );
  let text = null;
  let count = 0; // of columns
  let known = null; // how many of them are shown, null for all and their average

  const controls = player({
    scene: losses.node,
    name: "text",
    choose(moment) {
      known = moment < count ? moment + 1 : null;
      choose(moment < count ? moment : count - 1);
    },
  });
  const node = element("div.priced", {}, element("div.stage", {}, losses.node, controls.node, odds), explained);
  return {
    node,
    pause: controls.stop,
    watching: controls.watching,
    update({ picture, position: chosen, compared = null }) {
      const { positions } = picture;
      if (picture.text !== text || chosen + 1 !== known) known = null;
      text = picture.text;
      count = positions.length;
      node.classList.toggle("wide", count >= WIDE);
      losses.update(picture, chosen, known, compared);
      const tokens = positions.slice(0, chosen + 1).map(({ token }) => token);
      setText(heading, phrase("prediction_after", { tokens }));
      formula.update(positions[chosen]);
      const mark = { token: positions[chosen].true, note: say("true_next") };
      const others = compared?.positions ?? [];
      distribution.update(positions[chosen], mark, axis(text, [...positions, ...others]), others[chosen]);
      const caption = known === null ? averageMoment(picture) : lossMoment(positions[chosen]);
      controls.update(known === null ? count : chosen, count, caption);
      odds.hidden = picture.tries === null || picture.text === "";
      if (!odds.hidden) setText(odds, phrase("odds", { text: picture.text, tries: picture.tries }));
    },
  };
}

/** The columns and, beside or below them, their average. Returns { node, update(picture, chosen, known, compared) }. */
export function lossPicture(choose) {
  const columns = lossColumns(choose);
  const average = averageLoss();
  return {
    node: element("div.nats", {}, element("div", {}, columns.node, average.node)),
    /**
     * known: how many positions are shown; the rest keeps its place. null: all of them, and the average. compared: the
     * original's picture of the same text, for its outlines.
     */
    update(picture, chosen, known = null, compared = null) {
      const { positions, guessing_nll } = picture;
      const drawn = [...positions, ...(compared?.positions ?? [])].map(({ nll }) => nll);
      const highest = tallest(guessing_nll, drawn);
      columns.update(picture, chosen, known ?? positions.length, highest, compared);
      average.update(picture, highest, compared);
      average.node.classList.toggle("unknown", known !== null);
    },
  };
}

/** The table itself: a row a position, drawn as a column. Returns { node, update(picture, chosen, known, highest, compared) }. */
function lossColumns(choose) {
  const headings = ["input", "guess", "true", "p_true", "nll"].map((each) => `loss_${each}`);
  const { table, body } = drawnTable("table.losses", say("loss_table"), headings);
  const name = `losses-${++tables}`;
  body.addEventListener("change", (event) => choose(Number(event.target.value)));
  const columns = [];
  return {
    node: element("div.scroll", {}, table),
    update({ positions, guessing_nll }, chosen, known, highest, compared) {
      table.style.setProperty("--guessing", guessing_nll / highest);
      table.classList.toggle("many", positions.length >= MANY);
      positions.forEach((each, i) => {
        if (!columns[i]) {
          columns[i] = column(name, i);
          body.append(columns[i].node);
        }
        columns[i].update(each, highest, i === chosen, compared?.positions[i].nll);
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
  const track = element("span.track", { "aria-hidden": "true" }, fill);
  const cell = (...children) => element("td", { role: "cell" }, ...children);
  const node = element(
    "tr",
    { role: "row", "data-part": "loss" },
    element("th", { scope: "row", role: "rowheader" }, token.node),
    cell(guess, mark),
    cell(truth),
    cell(pTrue),
    cell(nll, track),
  );
  const before = originals(track, node.lastChild, decimals(2));
  return {
    node,
    update(each, highest, chosen, original) {
      token.update(each.token, chosen, chosen);
      node.classList.toggle("chosen", chosen);
      node.classList.toggle("right", each.right);
      setToken(guess, each.guess);
      setText(mark, each.right ? "✓" : "✗");
      mark.setAttribute("aria-label", say(each.right ? "right" : "wrong"));
      setToken(truth, each.true);
      number(pTrue, each.p_true, percent);
      number(nll, each.nll, decimals(2));
      fill.style.setProperty("--height", each.nll / highest); // the bar: as tall as the loss is large
      before.update(original, (outline, nll) => outline.style.setProperty("--height", nll / highest));
    },
  };
}

/** The mean of all columns, beside the loss of guessing, drawn to their scale. Returns { node, update(picture, highest, compared) }. */
function averageLoss() {
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
  const before = originals(track, node.firstChild, decimals(3));
  return {
    node,
    update({ mean_nll, guessing_nll, positions }, highest, compared) {
      number(value, mean_nll, decimals(3));
      number(guessing, guessing_nll, decimals(3));
      setText(words, say("guessing_loss", { count: positions[0].candidates.length }));
      fill.style.setProperty("--height", mean_nll / highest);
      before.update(compared?.mean_nll, (outline, nll) => outline.style.setProperty("--height", nll / highest));
      track.style.setProperty("--guessing", guessing_nll / highest);
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
