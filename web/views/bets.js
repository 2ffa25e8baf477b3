// The board of the game: a column for each token, on which chips are laid, and on Reveal the model's bar beside them.
// It is a table, a row a token, whose rows are drawn as columns (style/game.css).

import { heard } from "../words/characters.js";
import { say } from "../words/say.js";
import { axisEnd } from "./axis.js";
import { data, element, number, percent, setText, setToken } from "./element.js";
import { drawnTable } from "./table.js";

const DRAGGED = 5; // pixels after which a press is a drag
const HEADROOM = 0.03; // for the number of chips above them
const WORTH_READING = 0.01; // probabilities of the model below that are only for whoever looks, or listens, closely
const LOWEST_END = 0.5; // of the axis: few bets need more, and chips can be counted

/**
 * tokens: their names, in the model's order. n: how many chips there are. lay(i, count): so many are to lie on the i-th,
 * which ends in an update(). Returns { node, update(bet), focus(i), tokenOf(a node): which one it belongs to, or -1 };
 * bet: { chips: how many lie on each, spread: as py/lesson.py's spread() has it, or null before Python runs, judged: as
 * its judge() has it, once it is revealed }.
 */
export function betsTable({ tokens, n, lay }) {
  const headings = ["token", "chips", "p", "model_p"].map((each) => `bet_${each}`);
  const { table, body } = drawnTable("table.bets", say("bets_table"), headings, "thead.sr-only");
  const scale = element("p.hint", { "aria-hidden": "true" });
  const columns = tokens.map((token, i) => betColumn(token, { take: () => lay(i, chips[i] - 1) }));
  body.append(...columns.map(({ node }) => node));
  let chips = tokens.map(() => 0);
  let end = LOWEST_END; // of the axis, which only grows while a bet is made

  const indexOf = (node) => columns.findIndex((column) => column.node.contains(node));

  dragging(body, {
    from: (node) => chips[indexOf(node)],
    height: (node) => node.closest(".bet").querySelector(".track").clientHeight / (n * end),
    to: (node, count) => lay(indexOf(node), count),
  });
  body.addEventListener("click", (event) => {
    const i = indexOf(event.target);
    if (event.target.closest(".put")) lay(i, chips[i] + (event.shiftKey ? -1 : 1));
  });
  body.addEventListener("contextmenu", (event) => {
    if (!event.target.closest(".bet")) return;
    event.preventDefault();
    lay(indexOf(event.target), chips[indexOf(event.target)] - 1);
  });
  rove(body, columns);

  return {
    node: element("div.scroll", {}, table, scale),
    tokenOf: indexOf,
    focus: (i) => rovedTo(columns, i),
    update({ chips: laid, spread, judged = null }) {
      const longest = Math.max(Math.max(...laid) / n, ...(judged ? [...judged.p, ...judged.model_p] : []));
      const begins = judged === null && laid.every((count) => count === 0);
      end = Math.max(axisEnd(longest + HEADROOM), begins ? LOWEST_END : end);
      chips = laid;
      table.style.setProperty("--end", end);
      table.style.setProperty("--n", n);
      table.style.setProperty("--share", spread?.share ?? 0);
      table.classList.toggle("revealed", judged !== null);
      setText(scale, say("bet_axis", { end: `${100 * end}%` }));
      columns.forEach((column, i) => {
        const truth = judged?.true === tokens[i];
        column.update({ chips: laid[i], p: spread?.p[i], model: judged?.model_p[i], truth });
      });
    },
  };
}

/** One token: a row of the table, drawn as a column. */
function betColumn(token, { take }) {
  const face = element("span.face");
  const put = element("button.put", { type: "button", tabindex: -1 }, face);
  const stack = element("span.stack");
  const models = element("span.models");
  const count = data();
  const bars = [element("span.share"), stack, models];
  for (const bar of bars) bar.setAttribute("aria-hidden", "true");
  const track = element("span.track", {}, ...bars, count);
  const p = data();
  const model = data();
  const truth = element("span.sr-only");
  const minus = element("button.take", { type: "button", tabindex: -1, onclick: take }, "−");
  minus.setAttribute("aria-label", say("take_one", { token: heard(token) }));
  setToken(face, token);
  const cell = (kind, ...children) => element(kind, { role: "cell" }, ...children);
  const node = element(
    [...token].length > 1 ? "tr.bet.sentinel" : "tr.bet",
    { role: "row" },
    element("th", { scope: "row", role: "rowheader" }, put),
    cell("td.laid", track, minus),
    cell("td.yours", p),
    cell("td.models", model, truth),
  );
  return {
    node,
    put,
    update({ chips, p: mine, model: theirs, truth: isTruth }) {
      const judged = theirs !== undefined;
      node.classList.toggle("empty", chips === 0);
      node.classList.toggle("truth", isTruth);
      node.classList.toggle("tiny", judged && !isTruth && theirs < WORTH_READING);
      track.style.setProperty("--chips", chips);
      number(count, chips, String);
      numberIfKnown(p, mine);
      models.style.setProperty("--p", theirs ?? 0);
      numberIfKnown(model, theirs);
      minus.hidden = chips === 0 || judged;
      put.setAttribute("aria-disabled", judged);
      setText(truth, isTruth ? say("true_next") : "");
    },
  };
}

function numberIfKnown(node, p) {
  if (p !== undefined) return number(node, p, percent);
  node.removeAttribute("value");
  setText(node, "");
}

/** Drag a column up or down with a mouse or pen: its chips follow. A finger that moves there scrolls the page. */
function dragging(body, { from, height, to }) {
  let drag = null;
  let moved = false;
  body.addEventListener("pointerdown", ({ target, button, pointerType, clientY, shiftKey }) => {
    moved = false;
    if (button !== 0 || pointerType === "touch" || shiftKey || !target.closest(".put")) return;
    drag = { target, clientY, count: from(target), height: height(target) };
  });
  body.addEventListener("pointermove", ({ clientY, buttons, pointerId }) => {
    if (buttons === 0) drag = null;
    if (!drag) return;
    const up = drag.clientY - clientY;
    if (!moved && Math.abs(up) > DRAGGED) {
      moved = true;
      body.setPointerCapture(pointerId);
    }
    if (moved) to(drag.target, drag.count + Math.round(up / drag.height));
  });
  body.addEventListener("pointerup", () => (drag = null));
  body.addEventListener("click", (event) => {
    if (moved && event.detail > 0) event.stopImmediatePropagation(); // it only ends the drag
    moved = false;
  });
}

/** The letters are one stop for Tab; from there the arrow keys lead to the others. */
function rove(body, columns) {
  columns[0].put.tabIndex = 0;
  body.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".put")) return;
    for (const { put } of columns) put.tabIndex = put === target ? 0 : -1;
  });
  body.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = columns.findIndex(({ put }) => put === event.target);
    if (!step || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    rovedTo(columns, (at + step + columns.length) % columns.length);
  });
}

/** Put the focus on a letter. */
function rovedTo(columns, i) {
  columns[i].put.focus({ preventScroll: true });
}
