// The loss as training went: a dot for each step so far, and the latest average of some.

import { say } from "../words/say.js";
import { decimals, element, setText } from "./element.js";
import { svg } from "./svg.js";

const [WIDTH, HEIGHT] = [240, 120]; // of the drawing, in its own units

/** losses: of each step. guessing: what guessing costs. Returns { node, update({ step, mean }) }: mean null before any. */
export function learningCurve({ losses, guessing }) {
  const highest = 1.05 * Math.max(guessing, ...losses);
  const x = (step) => (WIDTH * step) / losses.length;
  const y = (loss) => HEIGHT * (1 - loss / highest);
  const dots = losses.map((loss, i) => `M${x(i + 1).toFixed(1)},${y(loss).toFixed(1)}h0`);
  const seen = svg("path", { class: "dots" });
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" }, seen);
  const average = element("span.label");
  const at = element("div.at", {}, average);
  const node = element(
    "div.learning-curve",
    { style: `--guessing:${guessing / highest}` },
    element("span.axis-name.up", {}, say("learning_loss")),
    drawing,
    element("div.blind", {}, element("span.label", {}, say("learning_guessing"))),
    at,
    element("span.axis-name.across", {}, say("learning_steps")),
  );
  return {
    node,
    update({ step, mean }) {
      seen.setAttribute("d", dots.slice(0, step).join(""));
      at.hidden = mean === null;
      at.style.setProperty("--x", step / losses.length);
      at.style.setProperty("--y", (mean ?? 0) / highest);
      setText(average, mean === null ? "" : decimals(2)(mean));
    },
  };
}
