// -log p as a curve: what the truth costs, by the probability it was given.

import { element, setText } from "./element.js";
import { phrase, say } from "../words/say.js";
import { svg } from "./svg.js";

const [WIDTH, HEIGHT] = [240, 120]; // of the drawing, in its own units
const HIGHEST = 5.3; // nats: as much as the curve shows

/** { marked: the points that are named, curve: all that it is drawn through }, each [{ p, nll }, …] → the figure's node. */
export function surpriseCurve({ marked, curve }) {
  const x = ({ p }) => WIDTH * p;
  const y = ({ nll }) => HEIGHT * (1 - nll / HIGHEST);
  const seen = curve.filter(({ nll }) => nll <= HIGHEST);
  const line = seen.map((point) => `${x(point).toFixed(1)},${y(point).toFixed(1)}`).join(" ");
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("polyline", { points: line, class: "curve" }),
  );
  const points = marked.map((point) => {
    const words = element("span.label");
    setText(words, phrase("costs", point));
    const style = `--x:${point.p};--y:${point.nll / HIGHEST}`;
    return element("li", { style }, words);
  });
  return element(
    "div.surprise",
    {},
    element("span.axis-name.up", {}, say("loss_nll")),
    drawing,
    element("ul", {}, ...points),
    element("span.axis-name.across", {}, say("loss_p_true")),
  );
}
