// A distribution laid out on the line from 0 to 1: the place where a random number falls.

import { shown } from "../words/characters.js";
import { say } from "../words/say.js";
import { element, keepAsItIs, setText } from "./element.js";

/**
 * Returns { node, update(distribution, draw) }. A second line shows "other" enlarged, with the characters it hides. With
 * a draw ({ number, token, from_other }) a marker stands where the number fell, in both lines if that was in "other".
 */
export function strip() {
  const line = element("div.line");
  const marker = element("div.marker", { "data-part": "draw" });
  const zoom = element("div.line.zoom");
  const zoomMarker = element("div.marker");
  const node = element("div.strip", { "aria-hidden": "true" });
  const lens = element("div.lens");
  const closer = element("span.note", {}, say("closer_look"));
  const inside = element("div.rail.inside", {}, lens, closer, zoom, zoomMarker);
  node.append(element("div.rail", {}, line, marker), inside);

  return {
    node,
    update({ candidates, other }, draw = null) {
      const few = candidates.length - other.count;
      const shown = candidates.slice(0, few).map(({ token, low, p }) => ({ token, low, p, kind: "" }));
      if (other.count) shown.push({ token: say("other"), low: other.low, p: other.p, kind: "other" });
      segments(line, shown, draw && (draw.from_other ? say("other") : draw.token));
      place(marker, draw?.number);
      node.classList.toggle("zoomed", Boolean(draw?.from_other));
      inside.hidden = other.count === 0;
      if (inside.hidden) return;
      const hidden = candidates.slice(few).map(({ token, low, p }) => ({
        token,
        low: (low - other.low) / other.p,
        p: p / other.p,
        kind: "",
      }));
      segments(zoom, hidden, draw?.token);
      place(zoomMarker, draw?.from_other ? (draw.number - other.low) / other.p : undefined);
      lens.style.setProperty("--low", other.low);
      lens.style.setProperty("--high", other.low + other.p);
    },
  };
}

/** Make the line's children these segments, each as wide as its share. */
function segments(line, parts, landed) {
  while (line.children.length > parts.length) line.lastChild.remove();
  parts.forEach(({ token, low, p, kind }, i) => {
    const segment = line.children[i] ?? line.appendChild(element("span", {}, element("span")));
    const word = [...token].length > 1 ? "word" : "";
    segment.className = `segment ${kind} ${word} ${token === landed ? "landed" : ""}`;
    segment.style.setProperty("--low", low);
    segment.style.setProperty("--p", p);
    const label = keepAsItIs(segment.firstChild, kind !== "other"); // hidden by the style where it does not fit
    setText(label, word ? token : shown(token));
  });
}

function place(marker, number) {
  marker.hidden = number === undefined;
  if (number !== undefined) marker.style.setProperty("--at", number);
}
