// Follow it back: one number, what it was computed from, and how much of its gradient it passes on to each of those.

import { data, element, keepAsItIs, number, setText } from "../views/element.js";
import { headedTable } from "../views/table.js";
import { phrase, say } from "./say.js";
import { precise, written } from "./written.js";

const FEW = 8; // inputs that are shown first
const COLUMNS = ["input", "number", "incoming", "local", "contribution"];

/**
 * go(path): that input of that input is to be looked at. leave(): back to the lines. Returns { node, update(answer of
 * follow_back(), path), focus() }.
 */
export function following({ go, leave }) {
  const crumbs = element("ol.crumbs");
  const title = element("h4", { tabindex: "-1" });
  const value = data();
  const gradient = data();
  const where = element("p.where");
  const meaning = element("p.hint");
  const { table, body } = headedTable("table.inputs", say("inputs"), COLUMNS, say);
  const scroll = element("div.scroll", {}, table);
  const more = element("button.quiet", { type: "button", onclick: () => draw(true) });
  const along = element(
    "button.primary",
    { type: "button", onclick: () => go([...path, answer.largest]) },
    say("along"),
  );
  const back = element("button", { type: "button", onclick: () => go(path.slice(0, -1)) }, say("back"));
  const out = element("button.quiet", { type: "button", onclick: leave }, say("to_lines"));
  const end = element("p.weight-end");
  const node = element(
    "section.follow",
    { "aria-label": say("follow") },
    element("nav", { "aria-label": say("trail") }, crumbs),
    element(
      "div.followed",
      {},
      title,
      element("p.pair", {}, element("span", {}, say("number")), value),
      element("p.pair.gradient", {}, element("span", {}, say("gradient")), gradient),
      where,
      meaning,
    ),
    element("div.controls", {}, along, back, out),
    end,
    scroll,
    more,
  );
  let answer = null;
  let path = [];

  node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowRight" && answer?.largest != null) go([...path, answer.largest]);
    else if (event.key === "ArrowLeft" && path.length) go(path.slice(0, -1));
    else return;
    event.preventDefault();
  });

  function draw(all) {
    const order = answer.inputs
      .map((_, i) => i)
      .sort((a, b) => size(answer.inputs[b]) - size(answer.inputs[a]) || a - b);
    const largest = Math.max(...answer.inputs.map(size), 0);
    const rows = order.slice(0, all ? undefined : FEW).map((i) => inputRow(answer.inputs[i], i, largest));
    body.replaceChildren(...rows);
    more.hidden = rows.length === order.length;
    setText(more, say("all_inputs", { count: order.length }));
  }

  function inputRow(input, i, largest) {
    const name = element("button.quiet", { type: "button", onclick: () => go([...path, i]) });
    setText(name, naming(input));
    const bar = element("span.share", { "aria-hidden": "true" });
    bar.style.setProperty("--size", largest > 0 ? size(input) / largest : 0);
    bar.classList.toggle("negative", input.contribution < 0);
    const cell = (value) => {
      const each = data();
      number(each, value, written);
      return element("td", {}, each);
    };
    const product = cell(input.contribution);
    product.append(bar);
    const head = element("th", { scope: "row" }, name, element("span.near", {}, near(input)));
    return element(
      i === answer.largest ? "tr.largest" : "tr",
      {},
      head,
      cell(input.number),
      cell(answer.gradient),
      cell(input.local),
      product,
    );
  }

  return {
    node,
    focus: () => title.focus({ preventScroll: true }),
    update(told, way) {
      [answer, path] = [told, way];
      crumbs.replaceChildren(
        ...told.trail.map((each, i) => {
          const words = i === 0 && told.starts_at_loss ? say("loss") : naming(each);
          if (i === told.trail.length - 1) return element("li", { "aria-current": "location" }, words);
          return element(
            "li",
            {},
            element("button.quiet", { type: "button", onclick: () => go(way.slice(0, i)) }, words),
          );
        }),
      );
      setText(title, told.is_loss ? say("loss") : naming(told));
      keepAsItIs(title, told.name !== null && !told.is_loss);
      number(value, told.number, precise);
      number(gradient, told.gradient, precise);
      setText(where, place(told));
      setText(meaning, told.is_loss ? say("gradient_of_loss") : slope(told.gradient));
      const isEnd = told.inputs.length === 0;
      scroll.hidden = isEnd;
      along.hidden = told.largest === null;
      back.disabled = way.length === 0;
      setText(end, isEnd ? say(told.weight ? "end_weight" : "end_other") : "");
      draw(false);
    },
  };
}

const size = ({ contribution }) => (typeof contribution === "number" ? Math.abs(contribution) : 0);
const naming = ({ name, line }) => name ?? say("between", { line: line ?? "?" });

/** Where a number of the inputs comes from, in few words. */
function near({ weight, line, token }) {
  if (weight) return say("near_weight");
  return line === null ? "" : say("near_line", { line, token: token ?? "" });
}

function place({ weight, line, text, called_from, position, token }) {
  if (weight) return say("place_weight");
  if (line === null) return "";
  const said = { line, text, called_from, position, token: [token] };
  return phrase(called_from === null ? "place_line" : "place_called", said);
}

function slope(gradient) {
  if (gradient === 0) return say("slope_none");
  return say(gradient > 0 ? "slope_up" : "slope_down");
}
