// How a run is to go: how many steps, how large, from which random numbers, and from which weights.

import { element, setText } from "../views/element.js";
import { say } from "./say.js";

const BETAS = { beta1: 0.85, beta2: 0.99 }; // Adam's, as microgpt.py has them
const FIELDS = {
  steps: { min: 1, max: 1_000_000, step: 1, start: 5000 },
  learning_rate: { min: 0.0001, max: 1, step: "any", start: 0.01 },
  seed: { min: 0, max: 999_999, step: 1, start: 1 },
};

/** present(): of the weights in use, what they are called. Returns { node, update(), settings(), fromPresent() }. */
export function trainingSettings(present) {
  const inputs = Object.fromEntries(Object.entries(FIELDS).map(([name, limits]) => [name, field(name, limits)]));
  const hint = element("p.hint");
  const from = ["random", "present"].map((which) => {
    const attributes = { type: "radio", name: "train-from", value: which };
    return element("input", which === "random" ? { ...attributes, checked: "" } : attributes);
  });
  const named = ["random", "present"].map(() => element("span"));
  const choices = element(
    "fieldset.from",
    {},
    element("legend", {}, say("from")),
    ...from.map((input, i) => element("label", {}, input, named[i])),
  );
  return {
    node: element(
      "div.settings",
      {},
      element("div.controls", {}, ...Object.values(inputs).map(({ label }) => label)),
      choices,
      hint,
    ),
    update() {
      setText(named[0], say("from_random"));
      setText(named[1], say("from_present", { name: present() }));
      setText(hint, say("settings_hint"));
    },
    settings: () => ({
      ...Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value()])),
      ...BETAS,
    }),
    fromPresent: () => from[1].checked,
  };
}

/** A number within its limits: what is outside becomes the nearest that is not, and what is none is as it was. */
function field(name, { start, ...limits }) {
  const input = element("input", { type: "number", inputmode: "decimal", value: start, ...limits });
  let value = start;
  input.addEventListener("change", () => {
    const { min, max, step } = limits;
    const typed = input.value.trim() === "" ? Number.NaN : Number(input.value);
    if (!Number.isNaN(typed)) value = Math.min(Math.max(step === 1 ? Math.round(typed) : typed, min), max);
    input.value = value;
  });
  return { label: element("label", {}, element("span", {}, say(name)), input), value: () => value };
}
