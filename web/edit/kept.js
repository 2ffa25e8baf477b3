// The person's edit, kept in this browser: it is there again after a reload or a crash. It never goes into a link.

const KEY = "trenchcoat-edit";
const MOST = 400_000; // characters of what is kept: more was not put there by this page

/** { text, changed: lines }, or null. */
export function keptEdit() {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === null || kept.length > MOST) return null;
    const { text, changed } = JSON.parse(kept);
    return typeof text === "string" && Number.isInteger(changed) && changed > 0 ? { text, changed } : null;
  } catch {
    return null; // there is no storage here, or something else was in it
  }
}

/** Keep an edit, or with null, none. Returns whether this browser did. */
export function keepEdit(edit) {
  try {
    if (edit) localStorage.setItem(KEY, JSON.stringify(edit));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}
