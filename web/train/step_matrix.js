// The gradients of a whole matrix: a square for each weight, the larger, the steeper; hollow where the loss falls.

import { element, setText } from "../views/element.js";
import { svg } from "../views/svg.js";
import { shown } from "../words/characters.js";
import { phrase } from "./step_words.js";

const CELL = 10; // of the drawing, in its own units
const LABELS = 38; // as wide as the longest name of a token

/** choose(row, column): the weight there is to be followed. Returns { node, update(step) }. */
export function stepMatrix(choose) {
  const [rising, falling, names] = [svg("path", { class: "rising" }), svg("path", { class: "falling" }), svg("g")];
  const sheet = svg("rect", { class: "sheet" });
  const [row, column] = [svg("rect", { class: "lane" }), svg("rect", { class: "lane" })];
  const chosen = svg("rect", { class: "chosen", width: CELL, height: CELL });
  const drawing = svg("svg", { "aria-hidden": "true" }, sheet, row, column, rising, falling, chosen, names);
  const words = element("figcaption");
  let shape = [0, 0];
  drawing.addEventListener("click", ({ clientX, clientY }) => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(drawing.getScreenCTM().inverse());
    const place = [y, x].map((at) => Math.floor(at / CELL));
    if (place.every((at, i) => at >= 0 && at < shape[i])) choose(...place);
  });
  return {
    node: element("figure.gradients", {}, drawing, words),
    update({ sides, parameter, rows }) {
      shape = [sides.length, sides[0].length];
      const [height, width] = shape.map((count) => count * CELL);
      const left = rows ? LABELS : 0;
      set(drawing, { viewBox: `${-left - 1} -1 ${width + left + 2} ${height + 2}` });
      drawing.style.setProperty("--wide", (width + left) / CELL);
      set(sheet, { width, height });
      const at = { x: parameter.column * CELL, y: parameter.row * CELL };
      set(chosen, at);
      set(row, { y: at.y, width, height: CELL });
      set(column, { x: at.x, width: CELL, height });
      set(rising, { d: squares(sides, 1) });
      set(falling, { d: squares(sides, -1) });
      names.replaceChildren(...(rows ?? []).map((name, i) => label(name, i, i === parameter.row)));
      setText(words, phrase("picture", { matrix: parameter.matrix }));
    },
  };
}

/** The path of a square in the middle of each cell whose side has this sign; 1 is as wide as there is room. */
function squares(sides, sign) {
  return sides
    .flatMap((row, y) =>
      row.map((each, x) => {
        const side = (CELL - 1.5) * each * sign;
        if (side < 0.4) return "";
        const corner = [x, y].map((at) => ((at + 0.5) * CELL - side / 2).toFixed(2));
        const long = side.toFixed(2);
        return `M${corner}h${long}v${long}h-${long}z`;
      }),
    )
    .join("");
}

function label(name, row, isChosen) {
  const kind = isChosen ? "name chosen-name" : "name";
  return svg("text", { x: -4, y: (row + 0.78) * CELL, class: kind }, [...name].length > 1 ? name : shown(name));
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}
