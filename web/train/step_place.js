// Which weight is followed: its matrix, row and column.

import { element, setText } from "../views/element.js";
import { isWorded, phrase, say } from "./step_words.js";

let places = 0; // so that what describes each has a name of its own

/** choose({ matrix, row, column }): that weight is to be followed; null: the steepest. Returns { node, update(step, fixed) }. */
export function stepPlace(choose) {
  const id = `step-place-${++places}`;
  const matrix = element("select", { onchange: () => choose({ matrix: matrix.value, row: 0, column: 0 }) });
  const [row, column] = ["row", "column"].map((name) =>
    element("input", { type: "number", min: 0, step: 1, inputmode: "numeric", name, onchange: moved }),
  );
  const token = element("span.of");
  const about = element("p.hint", { id });
  const refusal = element("p.refusal", { role: "status" });
  const steepest = element("button", { type: "button", onclick: () => choose(null) }, say("steepest"));
  matrix.setAttribute("aria-describedby", id);
  let shape = [0, 0];
  let listed = "";
  let shown = null; // the step, as it is told of one weight

  function moved() {
    const place = [row, column].map((field) => field.valueAsNumber);
    const well = place.every((at, i) => Number.isInteger(at) && at >= 0 && at < shape[i]);
    setText(refusal, well ? "" : say("place_refused", { rows: shape[0], columns: shape[1] }));
    if (well) choose({ matrix: matrix.value, row: place[0], column: place[1] });
  }

  const label = (word, ...fields) => element("label", {}, say(word), " ", ...fields);
  return {
    node: element(
      "div.place-of-weight",
      {},
      element("div.controls", {}, label("matrix", matrix), label("row", row, token), label("column", column), steepest),
      about,
      refusal,
    ),
    /** fixed: no other weight can be followed now. */
    update(step, fixed) {
      for (const field of [matrix, row, column, steepest]) field.disabled = fixed;
      if (step === shown) return;
      shown = step;
      const { matrices, parameter, rows } = step;
      const names = Object.keys(matrices);
      if (listed !== names.join()) {
        listed = names.join();
        const options = names.map((name) => element("option", { value: name }, sizeOf(name, matrices[name])));
        matrix.replaceChildren(...options);
      }
      shape = matrices[parameter.matrix];
      matrix.value = parameter.matrix;
      fill(row, parameter.row, shape[0]);
      fill(column, parameter.column, shape[1]);
      setText(token, rows ? phrase("row_token", { token: rows[parameter.row] }) : "");
      setText(about, describe(parameter.matrix));
      setText(refusal, "");
    },
  };
}

function fill(field, place, count) {
  field.setAttribute("max", count - 1);
  if (field !== document.activeElement) field.value = place; // not while somebody types
}

const sizeOf = (name, [rows, columns]) => `${name}  ${rows} × ${columns}`;

/** What the numbers of a matrix are for; nothing of one that an edit has added. */
function describe(matrix) {
  const name = matrix.replace(/^layer\d+\./, "");
  return isWorded(name) ? say(name) : "";
}
