// A distribution as a table of bars: the likeliest few, then "other", the sum of the rest.

import { say } from "../words/say.js";
import { data, element, number, percent, setText } from "./element.js";

/**
 * name: the table's accessible name. Returns { node, update(spread, marked) }; spread as py/lesson.py's spread()
 * makes it, marked: the token to point out as the true one, if any.
 */
export function bars(name) {
  const body = element("tbody");
  const table = element("table.bars", { "aria-label": name }, body);
  const unfold = element("button.quiet", { type: "button", "aria-expanded": "false" });
  const rows = [];
  let open = false;
  let shown = null; // the last update, to draw again when unfolded

  unfold.addEventListener("click", () => {
    open = !open;
    unfold.setAttribute("aria-expanded", open);
    update(...shown);
  });

  function update(spread, marked = null) {
    shown = [spread, marked];
    const { candidates, other } = spread;
    const few = candidates.length - other.count;
    const visible = candidates.slice(0, open ? candidates.length : few);
    visible.forEach((candidate, i) => {
      const note = candidate.token === marked ? say("true_next") : i === 0 ? say("likeliest") : "";
      row(i).update(candidate.token, candidate.p, note, i === 0 ? "top" : "");
    });
    if (!open && other.count) {
      row(few).update(say("other"), other.p, say("other_count", { count: other.count }), "other");
    }
    const count = visible.length + (!open && other.count ? 1 : 0);
    for (const extra of rows.splice(count)) extra.node.remove();
    unfold.hidden = !other.count;
    setText(unfold, open ? say("show_few") : say("show_all", { count: candidates.length }));
  }

  function row(i) {
    if (!rows[i]) {
      rows[i] = bar();
      body.append(rows[i].node);
    }
    return rows[i];
  }

  return { node: element("div.distribution", {}, table, unfold), update };
}

/** One row: whose bar it is, the bar, its value, and a note beside it. */
function bar() {
  const token = element("th", { scope: "row" });
  const fill = element("span.fill");
  const value = data();
  const note = element("span.note");
  const cell = element("td", {}, element("span.track", { "aria-hidden": "true" }, fill), value, note);
  const node = element("tr", {}, token, cell);
  return {
    node,
    update(label, p, text, kind) {
      fill.style.setProperty("--p", p); // the bar: as long as the probability is large
      node.className = kind;
      setText(token, label);
      number(value, p, percent);
      setText(note, text);
    },
  };
}
