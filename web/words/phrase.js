// How messages are written: with {blanks}, [brackets] around the tokens that they talk about: [START], [{token}],
// [{tokens}], and `code`. A number is written {loss:2}, with so many digits behind the point, {p:%}, in per cent, or
// {tries:~}, rounded, however large it is, and {grad:g}, with the figures that count, however small it is.

import { heard, spoken } from "./characters.js";
import { fill } from "./fill.js";
import { decimals, percent, rounded, significant } from "./numbers.js";

const MARKED = /`([^`]+)`|\[(.*?)\]/;
const NUMBER = /\{(\w+):([\d%~g])\}/; // a blank that a number fills, and how it is written
const INFINITE = "Infinity"; // as it comes from Python, for JSON has none
const SENTINELS = ["START", "STOP"]; // as py/lesson.py names them: the tokens that are more than one character

/**
 * words: messages by name. Returns { say, phrase }, both called with a name and { blank: what to fill it with }.
 *
 * say: the message as plain text: for what is only heard, and for attributes. phrase: the message for setText(), which makes
 * its tokens look like tokens. A blank in brackets holds one token, or a text, whose characters are its tokens, or an array
 * of tokens. Wherever a string is wanted, a phrase is one.
 */
export function speak(words) {
  function phrase(name, blanks = {}) {
    const held = (word) => blanks[/^\{(\w+)\}$/.exec(word)?.[1]] ?? word;
    const pieces = words[name].split(MARKED); // plain, code, tokens, in turn; there is either code or a token
    const parts = pieces.map((piece, i) => {
      if (piece === undefined) return [];
      if (i % 3 === 0) return filled(piece, blanks);
      return i % 3 === 1 ? { code: fill(piece, blanks) } : spaced(piece.split(" ").flatMap(held));
    });
    return new Phrase(parts.flat());
  }
  return { phrase, say: (name, blanks) => String(phrase(name, blanks)) };
}

class Phrase {
  /** parts: strings, { token } for each token that is talked about, { code }, and { number, shown: as it is written }. */
  constructor(parts) {
    this.parts = joined(parts);
  }

  toString() {
    const said = (token) => (spoken(token) === null ? token : ` ${heard(token)} `);
    return this.parts
      .map((part) => (part.token === undefined ? (part.code ?? part.shown ?? part) : said(part.token)))
      .join("")
      .replaceAll("  ", " ");
  }
}

/** The same parts, strings that stand beside each other in one: whoever translates the page reads them whole. */
function joined(parts) {
  const whole = [];
  for (const part of parts) {
    const beside = typeof part !== "object" && typeof whole.at(-1) === "string";
    if (beside) whole.push(`${whole.pop()}${part}`);
    else if (part !== "") whole.push(typeof part === "object" ? part : String(part));
  }
  return whole;
}

/** Plain words, their blanks filled in. What is no number is written as it is. */
function filled(words, blanks) {
  return words.split(NUMBER).flatMap((piece, i, pieces) => {
    if (i % 3 === 0) return fill(piece, blanks);
    if (i % 3 === 2) return [];
    const [value, form] = [blanks[piece], pieces[i + 1]];
    if (value === INFINITE) return { number: value, shown: "∞" };
    if (typeof value !== "number") return String(value);
    const format = { "%": percent, "~": rounded, g: significant }[form] ?? decimals(Number(form));
    return { number: value, shown: format(value) };
  });
}

/** Tokens and texts one after the other, a space between each and the next. */
function spaced(words) {
  const tokens = (word) => (SENTINELS.includes(word) ? [word] : [...word]).map((token) => ({ token }));
  return words.flatMap((word, i) => (i ? [" ", ...tokens(word)] : tokens(word)));
}
