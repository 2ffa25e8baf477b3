// Light, dark, or as the system has it: the person's choice, remembered where the browser allows that.

const KEY = "trenchcoat-theme";

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
  apply(remembered(radios.map(({ value }) => value)));
}

function remembered(themes) {
  try {
    const theme = localStorage.getItem(KEY);
    return themes.includes(theme) ? theme : themes[0];
  } catch {
    return themes[0]; // storage is refused: then the system decides
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Refused or full: the choice lasts as long as the page.
  }
}
