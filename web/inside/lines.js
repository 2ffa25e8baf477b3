// The lines as they ran, one below the other, each with what it made: a table, a row for each variable.

import { data, element, keepAsItIs, number, setText } from "../views/element.js";
import { drawnTable } from "../views/table.js";
import { say } from "./say.js";
import { strip } from "./strip.js";
import { shapeWritten, subscripted } from "./written.js";

const COMMENT = /\s+#.*$/; // after the code of a line
const COLUMNS = ["line", "variable", "shape", "values"];

/**
 * choose({ number: of a step, row, cell: in it, or null }): it is to be looked at. into(function): the lines of such calls
 * are to be seen, or not any more. Returns { node, update(answer of look_inside(), { at, cell, row, gradients, opened: names
 * of functions, beside: the answer with other weights or null }), rows(): what can be stepped through, focus() }.
 */
export function lineTable({ choose, into }) {
  const { table, body } = drawnTable("table.lines", say("table"), COLUMNS, "thead", say);
  const heads = [...table.querySelectorAll("th")];
  const besideHead = element("th", { scope: "col", role: "columnheader" }, say("random"));
  const node = element("div.lines-box", {}, table);
  const made = [];
  let shown = [];

  table.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-into]");
    if (opener) return into(opener.dataset.into);
    const row = made.findIndex((each) => each.node.contains(target));
    if (row >= 0 && shown[row].step) choose({ number: shown[row].step.number, row, cell: cellAt(row, target) });
  });

  /** Arrows lead from line to line, and from cell to cell. */
  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.matches(".at")) return;
    const row = made.findIndex((each) => each.node.contains(event.target));
    const { cells } = made[row];
    const cell = shown.cell ?? -1;
    const next = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const across = { ArrowRight: cell + 1, ArrowLeft: cell - 1, Home: 0, End: cells().length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      let to = row + next;
      while (shown[to] && !shown[to].step) to += next;
      if (shown[to]) choose({ number: shown[to].step.number, row: to, cell: null });
    } else if (across !== undefined && cells().length) {
      event.preventDefault();
      const to = Math.min(Math.max(across, 0), cells().length - 1);
      choose({ number: shown[row].step.number, row, cell: to });
    } else return;
    focus();
  });

  function cellAt(row, target) {
    const found = made[row].cells().indexOf(target.closest(".cell"));
    return found < 0 ? null : found;
  }

  const focus = () => table.querySelector(".current .at, .at[tabindex='0']")?.focus({ preventScroll: true });

  return {
    node,
    focus,
    rows: () => shown,
    /** What stands in the cell under a pointer: { row, cell }, or null. */
    under(target) {
      const row = made.findIndex((each) => each.node.contains(target));
      const cell = row < 0 ? null : cellAt(row, target);
      return cell === null ? null : { row: shown[row], cell };
    },
    update(answer, { at, row: chosen, cell, gradients, opened, beside }) {
      const had = node.contains(document.activeElement) && document.activeElement.matches(".at");
      shown = rowsOf(answer.calls, opened);
      shown.cell = cell;
      const others = beside ? new Map(rowsOf(beside.calls, opened).map((each) => [each.key, each])) : null;
      const current = shown[chosen]?.step?.number === at ? chosen : shown.findIndex((each) => each.step?.number === at);
      setText(heads[3], say(gradients ? "gradients" : "values"));
      if (others) heads[3].after(besideHead);
      else besideHead.remove();
      table.classList.toggle("with-others", others !== null);
      const names = { tokens: answer.names, positions: answer.tokens };
      shown.forEach((each, i) => {
        if (made[i]?.kind !== kindOf(each)) {
          const fresh = kindOf(each) === "heading" ? headingRow() : lineRow();
          if (made[i]) made[i].node.replaceWith(fresh.node);
          else body.append(fresh.node);
          made[i] = fresh;
        }
        made[i].update(each, { current: i === current, first: i === 0, cell, gradients, opened, names, others });
      });
      for (const extra of made.splice(shown.length)) extra.node.remove();
      if (current < 0) table.querySelector(".at")?.setAttribute("tabindex", "0");
      if (had) focus();
      return { current: shown[current] ?? null, node: made[current]?.node ?? null };
    },
  };
}

const kindOf = (row) => (row.step ? "line" : "heading");

/**
 * The rows of the table: { call } where a function begins, { comment } where the file says what follows, and for each step
 * that made something { step, variable, depth, calls: of functions whose lines can be looked at, key }.
 */
function rowsOf(calls, opened, depth = 0) {
  return calls.flatMap((call) => {
    const rows = depth ? [] : [{ call, depth, key: `call ${call.line}` }];
    for (const step of call.steps) {
      if (!step.made.length && !step.calls.length) continue; // the end of a loop
      if (step.comment) rows.push({ comment: step.comment, depth, key: `comment ${step.number}` });
      const inner = step.calls.filter(({ steps }) => steps.length);
      const made = step.made.length ? step.made : [null];
      made.forEach((variable, i) => {
        const key = `${step.number} ${variable?.name}`;
        rows.push({ step, variable, depth, key, first: i === 0, calls: i === 0 ? inner : [] });
      });
      for (const each of inner) {
        if (opened.has(each.function)) rows.push(...rowsOf([each], opened, depth + 1));
      }
    }
    return rows;
  });
}

/** Where a function begins, or a part of it that the file has a comment about. */
function headingRow() {
  const words = element("th", { colspan: 4, scope: "rowgroup", role: "rowheader" });
  const node = element("tr.heading-row", { role: "row" }, words);
  return {
    kind: "heading",
    node,
    cells: () => [],
    update({ call, comment, depth }) {
      node.style.setProperty("--depth", depth);
      node.classList.toggle("call", Boolean(call));
      setText(words, comment ?? `${call.function}(${call.given.map(({ name }) => name).join(", ")})`);
      keepAsItIs(words, Boolean(call));
    },
  };
}

function lineRow() {
  const line = data();
  const button = element("button.at", { type: "button", tabindex: "-1" }, line);
  const code = keepAsItIs(element("code"));
  const turn = element("span.turn");
  const inner = element("span.inner");
  const name = keepAsItIs(element("code"));
  const shape = keepAsItIs(element("span.shape"));
  const values = strip();
  const text = element("span.text");
  const others = strip();
  const valuesCell = element("td.values", { role: "cell" }, values.node, text);
  const othersCell = element("td.others", { role: "cell" }, others.node);
  const node = element(
    "tr.line-row",
    { role: "row" },
    element("td.code", { role: "cell" }, button, element("span.ran-code", {}, code, turn, inner)),
    element("th.variable", { scope: "row", role: "rowheader" }, name),
    element("td.shape-of", { role: "cell" }, shape),
    valuesCell,
  );
  return {
    kind: "line",
    node,
    cells: values.cells,
    update(row, { current, first, cell, gradients, opened, names, others: beside }) {
      const { step, variable, depth } = row;
      node.style.setProperty("--depth", depth);
      node.style.setProperty("--loops", step.loops.length);
      node.classList.toggle("current", current);
      node.classList.toggle("again", !row.first);
      number(line, step.line, String);
      button.tabIndex = current || first ? 0 : -1;
      if (current) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      setText(code, row.first ? step.text.replace(COMMENT, "") : "");
      setText(turn, row.first ? step.loops.map(([name, value]) => `${name} ${value}`).join(", ") : "");
      openers(inner, row.calls, opened);
      const isNumbers = variable?.values !== undefined;
      const single = isNumbers && variable.shape?.length === 0;
      const told = isNumbers && (gradients ? variable.gradients : variable.values);
      setText(
        name,
        variable
          ? variable.name === "return"
            ? say("returned")
            : subscripted(variable.name, variable.index ?? [])
          : "",
      );
      setText(shape, isNumbers ? shapeWritten(variable.shape) : "");
      node.classList.toggle("single", single || !isNumbers);
      const about = isNumbers ? (names[variable.cells] ?? null) : null;
      values.update(isNumbers ? told : [], about);
      setText(text, isNumbers ? cut(variable) : (variable?.text ?? ""));
      values.cells().forEach((each, i) => {
        each.classList.toggle("looked", current && i === cell);
        each.classList.toggle("fresh", isNumbers && variable.fresh > 0 && i >= variable.fresh);
      });
      const other = beside?.get(row.key)?.variable;
      if (beside) valuesCell.after(othersCell);
      else othersCell.remove();
      others.update(other?.values === undefined || single ? [] : gradients ? other.gradients : other.values, about);
    },
  };
}

/** A button for each call whose lines can be looked at. */
function openers(node, calls, opened) {
  const names = calls.map((call) => call.function);
  if (node.dataset.names === `${names}`) {
    for (const button of node.children) button.setAttribute("aria-expanded", opened.has(button.dataset.into));
    return;
  }
  node.dataset.names = `${names}`;
  node.replaceChildren(
    ...calls.map((call) => {
      const attributes = { type: "button", "data-into": call.function, "aria-expanded": opened.has(call.function) };
      const words =
        call.count > 1
          ? say("into_first", { name: call.function, count: call.count })
          : say("into", { name: call.function });
      return element("button.quiet", attributes, words);
    }),
  );
}

function cut({ numbers, values }) {
  const told = [values].flat(Infinity).length;
  return told < numbers ? say("cut", { told, numbers }) : "";
}

/** A number of the strip by where it is in its variable. */
export function placed(variable, cell) {
  const find = (values, index) =>
    Array.isArray(values) ? values.flatMap((each, i) => find(each, [...index, i])) : [{ index, value: values }];
  const { index, value } = find(variable.values, [])[cell];
  const gradient = variable.gradients ? find(variable.gradients, [])[cell].value : null;
  return { index, value, gradient, name: subscripted(variable.name, [...variable.index, ...index]) };
}
