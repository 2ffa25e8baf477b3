// The axis of bars: it begins at 0 and ends at a quarter, where it is labelled.

import { element, setText } from "./element.js";

const QUARTERS = 4;

/** The first quarter that the longest bar of these distributions fits under: 0.25, 0.5, 0.75 or 1. */
export function axisFor(distributions) {
  return axisEnd(
    Math.max(...distributions.map(({ candidates: [best], other, rest = other.p }) => Math.max(best.p, rest))),
  );
}

/** The first quarter that a bar fits under. */
export function axisEnd(longest) {
  return Math.min(Math.ceil(longest * QUARTERS), QUARTERS) / QUARTERS;
}

/**
 * An axis that is calm while one types: axis(text, distributions) → where it ends. While the text is typed on or taken
 * back it grows when a bar needs it, and never shrinks; only with another text, or none, it begins anew.
 */
export function steadyAxis() {
  let [text, end] = ["", 0];
  return (now, distributions) => {
    const goesOn = text !== "" && now !== "" && (now.startsWith(text) || text.startsWith(now));
    end = Math.max(goesOn ? end : 0, axisFor(distributions));
    text = now;
    return end;
  };
}

/** Its labels, below the bars: a picture, for each bar has its value beside it. */
export function axisLabels() {
  const node = element("div.axis", { "aria-hidden": "true" });
  return {
    node,
    update(end) {
      const ticks = Math.round(end * QUARTERS);
      while (node.children.length > ticks + 1) node.lastChild.remove();
      while (node.children.length <= ticks) node.append(element("span"));
      [...node.children].forEach((tick, i) => {
        tick.style.setProperty("--at", i / ticks);
        setText(tick, `${(100 / QUARTERS) * i}${i ? "%" : ""}`);
      });
    },
  };
}
