// The box everything goes through: a trenchcoat with four buttons, one for each thing inside.

import { say } from "../words/say.js";
import { element } from "./element.js";
import { svg } from "./svg.js";

const SHAPES = [
  ["path", { class: "coat", d: "M34 22 60 12l26 10 12 12 10 104H12L22 34Z" }],
  ["path", { class: "lapel", d: "m60 12-20 6 17 50 3-8 3 8 17-50Z" }],
  ["path", { class: "shirt", d: "m60 12-9 4 9 36 9-36Z" }],
  ["path", { class: "belt", d: "m17 86 86 0 1 14-88 0Z" }],
  ["path", { class: "seam", d: "M60 60v26m0 14v38" }],
  ["circle", { class: "coat-button tokenizer", cx: 48, cy: 76, r: 3.5 }],
  ["circle", { class: "coat-button forward", cx: 72, cy: 76, r: 3.5 }],
  ["circle", { class: "coat-button loss", cx: 48, cy: 116, r: 3.5 }],
  ["circle", { class: "coat-button sample", cx: 72, cy: 116, r: 3.5 }],
];

/** What goes in comes from the left (or above), what comes out goes to the right (or below). more: what stands below the coat. */
export function model(...more) {
  const middle = more.length ? element("div.worn", {}, coat(), ...more) : coat();
  return element("div.model", {}, arrow(), middle, arrow());
}

/** The button that opens it (see ../rooms/inside.js). */
export function coatOpener() {
  const attributes = { type: "button", "data-inside": "", "aria-controls": "inside", "aria-expanded": "false" };
  return element("button.quiet.coat-opener", attributes, say("open_coat"));
}

function arrow() {
  return element("span.arrow", { "aria-hidden": "true" });
}

export function coat() {
  const attributes = { viewBox: "0 0 120 142", role: "img", "aria-label": say("model"), "data-part": "model" };
  const shapes = SHAPES.map(([name, attributes]) => svg(name, attributes));
  return svg("svg", attributes, ...shapes, svg("text", { x: 60, y: 96.5 }, say("model")));
}
