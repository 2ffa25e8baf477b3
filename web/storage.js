// What the browser keeps for this page, where it may: in private windows, and where it is full, it keeps nothing.

/** The text kept by that name, or null. */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keep a text by that name, or with null, none. Returns whether this browser does. */
export function keep(name, text) {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** What was kept as JSON by that name; null if there is nothing, or what nobody can read: others write there, too. */
export function keptJson(name) {
  try {
    return JSON.parse(kept(name));
  } catch {
    return null;
  }
}
