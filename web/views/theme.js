// Light, dark, or as the system has it: the person's choice, remembered where the browser allows that.

import { keep, kept } from "../storage.js";

const KEY = "trenchcoat-theme";
const THEMES = ["system", "light", "dark"];

export function themeSwitch(fieldset) {
  const radios = [...fieldset.querySelectorAll("input")];
  const apply = (theme) => {
    document.documentElement.dataset.theme = theme;
    for (const radio of radios) radio.checked = radio.value === theme;
  };
  fieldset.hidden = false;
  fieldset.addEventListener("change", ({ target }) => {
    apply(target.value);
    keep(KEY, target.value);
  });
  apply(remembered());
}

export function remembered() {
  const theme = kept(KEY);
  return THEMES.includes(theme) ? theme : "system";
}
