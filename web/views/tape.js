// A short tape, a line of it a row: what it computes, and what that comes to each time that the tape is played.

import { say } from "../words/say.js";
import { element, keepAsItIs, number } from "./element.js";

const MINUS = "−";

/** tape: as building/tiny_tape.py tells it. */
export function tapeTable({ runs, lines }) {
  const heads = [say("tape_line"), say("tape_says"), ...runs.map((run) => given(run))];
  const rows = lines.map((line, i) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, shown(i + 1)),
      keepAsItIs(element("td", {}, ...formula(line), ...name(line))),
      ...line.numbers.map((value) => element("td", {}, shown(value))),
    ),
  );
  return element(
    "table.tape",
    { "aria-label": say("tape") },
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, ...rows),
  );
}

/** What the tape is played with: w = 3, b = −1. */
function given(run) {
  const parts = Object.entries(run).flatMap(([name, value], i) => [i ? ", " : "", `${name} = `, shown(value)]);
  return keepAsItIs(element("span", {}, ...parts));
}

function formula({ kind, a, x, y }) {
  if (kind !== "multiply_add") throw new Error(`A tape with ${kind} is not shown yet.`);
  const product = y === 1 ? [operand(x)] : [operand(x), " × ", operand(y)];
  if (a === 0) return product;
  if (y === 1 && x < 0) return [operand(a), ` ${MINUS} `, shown(-x)];
  return y === 1 ? [operand(a), " + ", ...product] : [...product, " + ", operand(a)];
}

function operand(of) {
  if (typeof of === "number") return shown(of);
  return of.line === undefined ? of : element("span.of-line", {}, say("tape_of_line", { line: of.line }));
}

const name = (line) => (line.is ? [" ", element("code", {}, line.is)] : []);

function shown(value) {
  const node = element("data");
  number(node, value, (value) => String(value).replace("-", MINUS));
  return node;
}
