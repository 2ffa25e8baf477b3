// A weight before and after the step, on a piece of the number line.

import { decimals, element } from "../views/element.js";
import { svg } from "../views/svg.js";
import { formula } from "./formula.js";
import { say } from "./step_words.js";

const [LEAST, MOST] = [3, 12]; // digits behind the point

/** Returns { node, update(step) }. */
export function stepWeight() {
  const sum = element("p.formula");
  const [was, is] = [mark("before"), mark("after")];
  const leap = svg("path", { class: "leap", "vector-effect": "non-scaling-stroke" });
  const drawing = svg("svg", { viewBox: "0 0 100 20", preserveAspectRatio: "none" }, leap);
  const line = element("div.number-line", { "aria-hidden": "true" }, drawing, was, is);
  return {
    node: element("div.weight-moves", { role: "group", "aria-label": say("weight_moves") }, line, sum),
    update({ weight }) {
      const { before, after, change } = weight;
      const format = (value) => digits(change)(value).replace("-", "−");
      const [from, to] = [before, after, change].map((value) => ({ value, format }));
      const by = { value: Math.abs(change), format };
      sum.replaceChildren(...(change < 0 ? formula`${from} − ${by} = ${to}` : formula`${from} + ${by} = ${to}`));
      const [left, right] = change === 0 ? [50, 50] : change < 0 ? [75, 25] : [25, 75];
      was.style.setProperty("--at", left / 100);
      is.style.setProperty("--at", right / 100);
      leap.setAttribute("d", `M${left} 20Q50 -14 ${right} 20`);
    },
  };
}

/** So many that the change can be seen. */
const digits = (change) =>
  decimals(change === 0 ? LEAST : Math.min(MOST, Math.max(LEAST, 2 - Math.floor(Math.log10(Math.abs(change))))));

const mark = (word) => element("span.mark-on-line", { class: `mark-on-line ${word}` }, say(word));
