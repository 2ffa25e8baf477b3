// The text that a person has typed or pasted to learn from, kept in this browser.

import { keep, kept } from "../storage.js";

const KEY = "trenchcoat-own-text";
const MOST = 200_000; // characters: browsers keep some millions for the whole page

/** The text, or "". */
export function keptText() {
  const text = kept(KEY) ?? "";
  return text.length > MOST ? "" : text;
}

/** Returns whether this browser kept it. */
export function keepText(text) {
  if (text.length > MOST) {
    keep(KEY, null);
    return false;
  }
  return keep(KEY, text || null);
}
