// The person's edit, kept in this browser: it is there again after a reload or a crash. It never goes into a link.

import { keep, kept, keptJson } from "../storage.js";

const KEY = "trenchcoat-edit";
const MOST = 400_000; // characters of what is kept: more was not put there by this page

/** { text, changed: lines }, or null. */
export function keptEdit() {
  if (kept(KEY)?.length > MOST) return null;
  const { text, changed } = keptJson(KEY) ?? {};
  return typeof text === "string" && Number.isInteger(changed) && changed > 0 ? { text, changed } : null;
}

/** Keep an edit, or with null, none. Returns whether this browser did. */
export function keepEdit(edit) {
  return keep(KEY, edit && JSON.stringify(edit));
}

/** heard() is called when another tab of this page has kept another edit, or none. */
export function whenOtherTabKeeps(heard) {
  addEventListener("storage", ({ key }) => [KEY, null].includes(key) && heard()); // null: all of it was cleared
}
