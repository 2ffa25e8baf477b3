// A distribution as a table of bars: the likeliest few, then "other", the sum of the rest.

import { phrase, say } from "../words/say.js";
import { axisFor, axisLabels } from "./axis.js";
import { data, element, keepAsItIs, number, percent, setText, setToken } from "./element.js";
import { originals } from "./originals.js";

/**
 * name: the table's accessible name. Returns { node, update(distribution, mark, axis, original) }: distribution as
 * py/lesson.py has it, mark: { token, note } to point out one candidate, also when it hides in "other", axis: the
 * probability at which the axis ends (see axis.js), original: what the original model gives, where an edit of it is shown,
 * with the "rest" of it to compare with "other", once that is known.
 */
export function bars(name) {
  const body = element("tbody");
  const labels = axisLabels();
  const table = element("table.bars", { "aria-label": name, "data-part": "probs" }, body);
  const unfold = element("button.quiet", { type: "button", "aria-expanded": "false" });
  const node = element("div.distribution", {}, table, labels.node, unfold);
  const rows = [];
  let open = false;
  let shown = null; // the last update, to draw again when unfolded

  unfold.addEventListener("click", () => {
    open = !open;
    unfold.setAttribute("aria-expanded", open);
    update(...shown);
  });

  function update({ candidates, other }, mark = null, axis = axisFor([{ candidates, other }]), original = null) {
    shown = [{ candidates, other }, mark, axis, original];
    const before = (token) => original?.candidates.find((each) => each.token === token)?.p;
    table.style.setProperty("--end", axis);
    node.classList.toggle("compared", original !== null);
    labels.update(axis);
    const few = open ? candidates.length : candidates.length - other.count;
    candidates.slice(0, few).forEach(({ token, p }, i) => {
      const marked = token === mark?.token;
      row(i).update(token, p, marked ? mark.note : i === 0 ? say("likeliest") : "", {
        top: i === 0,
        marked,
        original: before(token),
      });
    });
    if (few < candidates.length) {
      const marked = candidates.slice(few).some(({ token }) => token === mark?.token);
      const note = marked ? phrase("hidden_in_other", mark) : say("other_count", { count: other.count });
      row(few).update(say("other"), other.p, note, { other: true, marked, original: original?.rest });
    }
    for (const extra of rows.splice(few < candidates.length ? few + 1 : few)) extra.node.remove();
    unfold.hidden = other.count === 0;
    setText(unfold, open ? say("show_few") : say("show_all", { count: candidates.length }));
  }

  function row(i) {
    if (!rows[i]) {
      rows[i] = bar();
      body.append(rows[i].node);
    }
    return rows[i];
  }

  return { node, update };
}

/** One row: whose bar it is, the bar, its value, and a note beside it. */
function bar() {
  const token = element("th", { scope: "row" });
  const fill = element("span.fill");
  const value = data();
  const note = element("span.note");
  const track = element("span.track", { "aria-hidden": "true" }, fill);
  const cell = element("td", {}, track, value, note);
  const before = originals(track, cell, percent);
  const node = element("tr", {}, token, cell);
  return {
    node,
    update(label, p, text, { top = false, other = false, marked = false, original }) {
      fill.style.setProperty("--p", p); // the bar: as long as the probability is large
      if (other) setText(keepAsItIs(token, false), label);
      else setToken(token, label);
      number(value, p, percent);
      before.update(original, (outline, p) => outline.style.setProperty("--p", p));
      setText(note, text);
      node.classList.toggle("top", top);
      node.classList.toggle("other", other);
      if (other) node.setAttribute("data-part", "other");
      else node.removeAttribute("data-part");
      node.classList.toggle("marked", marked);
    },
  };
}
