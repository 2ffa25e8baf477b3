// Light, dark, or as the system has it: the person's choice, remembered where the browser allows that.

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
    remember(target.value);
  });
  apply(remembered());
}

export function remembered() {
  try {
    const theme = localStorage.getItem(KEY);
    if (THEMES.includes(theme)) return theme;
  } catch {
    // Storage is refused.
  }
  return "system";
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Refused or full: the choice lasts as long as the page.
  }
}
