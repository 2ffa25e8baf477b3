// How a character is shown and named so that one can tell it, and what is left of a text that was typed, pasted or
// followed once its wrapping is off. py/characters.py has the same for the texts of training, and knows every name;
// en/characters.json has those of the characters likeliest to be taken for others, for before Python runs.

import names from "./en/characters.json";

const DRAWN = { " ": "␣", "\t": "⇥" };
const MARK = /\p{M}/u; // what stands on, around or beside the letter before it
// What is seen though Unicode calls it a format character; what is never seen though it does not call it one.
const WITH_INK = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
const UNSEEN = /[\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\u180b-\u180e]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u;
const SPACE = /[\p{Zs}\u2800]/u;
const NO_INK = /[\p{C}\p{Z}\u2800]/u;
const FULL_WIDTH = /[\uff01-\uff5e]/u;

export function hasInk(character) {
  return !UNSEEN.test(character) && (!NO_INK.test(character) || WITH_INK.test(character));
}

/** The character as it can be seen: a space as ␣, a mark on a circle, what has no ink by its number. */
export function shown(character) {
  if (character in DRAWN) return DRAWN[character];
  if (!hasInk(character)) return number(character);
  return MARK.test(character) ? `◌${character}` : character;
}

/** What to call it, with its article: "a tab", "a Cyrillic a", “é” (U+00E9). */
export function named(character) {
  if (character in names) return names[character];
  if (/[\u0300-\u036f]/u.test(character)) return "an accent on its own";
  if (!hasInk(character)) return `a character that cannot be seen (${number(character)})`;
  return character <= "~" ? `“${character}”` : `“${shown(character)}” (${number(character)})`;
}

/** A token or a text as it is to be heard: what has no ink by its name. */
export function heard(text) {
  const word = (character) => (hasInk(character) ? character : ` ${withoutArticle(named(character))} `);
  return [...text].map(word).join("").replaceAll("  ", " ").trim();
}

/** The name of a single token to be heard, where what it looks like says too little; null where that is enough. */
export const spoken = (token) => ([...token].length === 1 && !hasInk(token) ? heard(token) : null);

/**
 * A text with every character as the model knows it, if it does in some form: a capital as a small letter, a letter of
 * full width as a plain one, a letter and its accent as one; and without what can neither be seen nor is known.
 */
export function plain(text, vocabulary) {
  return [...text.normalize("NFC")].map((character) => known(character, vocabulary)).join("");
}

/** The same, as it stands alone: the spaces and line ends around a text are not the text, unless all of it is known. */
export function bare(text, vocabulary) {
  return isKnown(text, vocabulary) ? text : plain(text, vocabulary).trim();
}

export function isKnown(text, vocabulary) {
  return [...text].every((character) => vocabulary.includes(character));
}

/** The first character of a text that the model does not know in any form, or undefined. */
export function stranger(text, vocabulary) {
  return [...plain(text, vocabulary)].find((character) => !vocabulary.includes(character));
}

function known(character, vocabulary) {
  if (vocabulary.includes(character)) return character;
  const narrow = FULL_WIDTH.test(character) ? character.normalize("NFKC") : character;
  const form = [narrow, narrow.toLowerCase()].find((each) => vocabulary.includes(each));
  if (form !== undefined) return form;
  if (SPACE.test(character) && vocabulary.includes(" ")) return " ";
  const dispensable = UNSEEN.test(character) || (/\p{Cf}/u.test(character) && !WITH_INK.test(character));
  return dispensable ? "" : character;
}

const number = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
const withoutArticle = (name) => name.replace(/^an? /, "");
