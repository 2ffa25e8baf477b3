// The box everything goes through, and the arrows in and out of it.

import { say } from "../words/say.js";
import { element } from "./element.js";

export function model() {
  return element(
    "div.model",
    {},
    element("span.arrow", { "aria-hidden": "true" }),
    element("strong", {}, say("model")),
    element("span.arrow", { "aria-hidden": "true" }),
  );
}
