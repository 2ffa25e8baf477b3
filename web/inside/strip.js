// Numbers as cells in a row: up from the line in the middle where they are positive, down and hatched where they are
// negative, the further the larger. In a row of its own, each list of the innermost ones.

import { data, element, number, setToken } from "../views/element.js";
import { written } from "./written.js";

const WIDEST = 32; // cells in a row
const ROOMY = 16; // so many have room for their numbers

/** Returns { node, cells(): those in it, update(values: nested lists, as py/inside.py has them, names: a token for each cell or null) }. */
export function strip() {
  const node = element("div.cells-of");
  const made = [];
  return {
    node,
    cells: () => [...node.querySelectorAll(".cell")],
    update(values, names = null) {
      const rows = innermost(values);
      const numbers = rows.flat().filter((value) => typeof value === "number");
      const largest = Math.max(...numbers.map(Math.abs), 0);
      node.classList.toggle(
        "one-sided",
        numbers.every((value) => value >= 0),
      );
      rows.forEach((row, i) => {
        if (!made[i]) {
          made[i] = cellRow();
          node.append(made[i].node);
        }
        made[i].update(row, largest, names);
      });
      for (const extra of made.splice(rows.length)) extra.node.remove();
    },
  };
}

function cellRow() {
  const node = element("span.cells");
  return {
    node,
    update(values, largest, names) {
      node.style.setProperty("--wide", Math.min(values.length, WIDEST));
      node.style.setProperty("--narrow", Math.min(values.length, ROOMY));
      node.classList.toggle("roomy", values.length <= ROOMY);
      while (node.children.length > values.length) node.lastChild.remove();
      while (node.children.length < values.length) node.append(cell());
      values.forEach((value, i) => {
        const each = node.children[i];
        const isNumber = typeof value === "number";
        each.classList.toggle("negative", isNumber && value < 0);
        each.classList.toggle("odd", !isNumber);
        each.firstChild.style.setProperty("--size", isNumber && largest > 0 ? Math.abs(value) / largest : 0);
        number(each.querySelector("data"), value ?? "", (it) => (it === "" ? "–" : written(it)));
        name(each, names?.[i]);
      });
    },
  };
}

const cell = () => element("span.cell", {}, element("span.rise", { "aria-hidden": "true" }), data());

/** What a cell is about, before its number, for whoever hears it; drawn below it. */
function name(cell, token) {
  let label = cell.querySelector(".stands-for");
  if (!token) return label?.remove();
  if (!label) {
    label = element("span.stands-for");
    cell.lastChild.before(label);
  }
  label.classList.toggle("sentinel", [...token].length > 1);
  setToken(label, token);
}

/** The lists in nested lists that hold no lists; a number alone is one of those, too. */
function innermost(values) {
  if (!Array.isArray(values)) return [[values]];
  return values.some(Array.isArray) ? values.flatMap(innermost) : [values];
}
