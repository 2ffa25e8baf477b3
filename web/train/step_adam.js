// Adam's update of one weight, line by line: each line of the code, and the same with its numbers filled in.

import { element, keepAsItIs } from "../views/element.js";
import { formula, written } from "./formula.js";
import { head, lineOf } from "./step_code.js";
import { say } from "./step_words.js";

const LINES = ["rate", "m", "v", "mean", "mean_square", "change"];

/** Returns { node, update(step, moment): the lines up to that one are filled in }. */
export function stepAdam() {
  const lines = LINES.map((name) => ({ name, code: lineOf(name), numbers: element("p.formula") }));
  const items = lines.map(({ code, numbers }) => element("li", {}, code, numbers));
  const node = element("div.adam", {}, head("training_step"), element("ol.updates", {}, ...items));
  return {
    node,
    update(step, moment) {
      const filled = numbersOf(step);
      const now = LINES.indexOf(moment);
      lines.forEach(({ name, numbers }, i) => {
        numbers.replaceChildren(keepAsItIs(element("b", {}, say(name))), ...filled[name]);
        numbers.classList.toggle("unknown", i > now);
        items[i].classList.toggle("now", i === now);
        if (i === now) items[i].setAttribute("aria-current", "step");
        else items[i].removeAttribute("aria-current");
      });
    },
  };
}

/** What stands behind the name of each, as children of a node. */
function numbersOf({ step: made, settings, grad, adam }) {
  const { learning_rate, steps, beta1, beta2 } = settings;
  const { step, rate, m, v, root, epsilon, change } = adam;
  return {
    rate: formula` = ${learning_rate} × (1 − ${step} / ${steps}) = ${rate}`,
    m: formula` = ${beta1} × ${m.before} + (1 − ${beta1}) × ${grad} = ${m.after}`,
    v: [...formula` = ${beta2} × ${v.before} + (1 − ${beta2}) × `, ...squared(grad), ...formula` = ${v.after}`],
    mean: formula` = ${m.after} / (1 − ${beta1}^${made}) = ${m.after} / ${m.correction} = ${m.corrected}`,
    mean_square: formula` = ${v.after} / (1 − ${beta2}^${made}) = ${v.after} / ${v.correction} = ${v.corrected}`,
    change: [
      ...formula` = −${rate} × ${m.corrected} / (√${v.corrected} + ${epsilon})`,
      ...formula` = −${rate} × ${m.corrected} / (${root} + ${epsilon}) = ${change}`,
    ],
  };
}

const squared = (value) => (value < 0 ? ["(", written(value), ")²"] : [written(value), "²"]);

/** Where the file updates otherwise: what went in, and what came out. Returns { node, update(step) }. */
export function otherUpdate() {
  const node = element("dl.other-update");
  return {
    node,
    update({ grad, moments, weight }) {
      const rows = [["gradient", [written(grad)]]];
      if (moments.before) {
        const pair = (i) => [written(moments.before[i]), " → ", written(moments.after[i])];
        rows.push(["m", pair(0)], ["v", pair(1)]);
      }
      rows.push(["change", [written(weight.change)]]);
      node.replaceChildren(
        ...rows.map(([word, children]) =>
          element("div", {}, element("dt", {}, say(word)), element("dd", {}, ...children)),
        ),
      );
    },
  };
}
