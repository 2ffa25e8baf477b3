// The words of the page's own messages. A second language is a second file like en/.
//
// A message has {blanks}, and [brackets] around the tokens it talks about: [START], [{token}], [{tokens}].
// A blank may hold a number of Python's: { value, shown: as people read it }.

import { heard, spoken } from "./characters.js";
import words from "./en/messages.json";

const SENTINELS = ["START", "STOP"]; // as py/lesson.py names them: the tokens that are more than one character

/** The message of that name as plain text, its blanks filled in: for what is only heard, and for attributes. */
export function say(name, blanks = {}) {
  return String(phrase(name, blanks));
}

/**
 * The message of that name for setText(), which makes its tokens look like tokens. A blank in brackets holds one token,
 * or a text, whose characters are its tokens, or an array of tokens. Wherever a string is wanted, it is one.
 */
export function phrase(name, blanks = {}) {
  const held = (word) => blanks[/^\{(\w+)\}$/.exec(word)?.[1]] ?? word;
  const filled = (text) => text.split(/(\{\w+\})/).map(held);
  const pieces = words[name].split(/\[(.*?)\]/); // plain and bracketed in turn
  return new Phrase(pieces.flatMap((piece, i) => (i % 2 ? spaced(piece.split(" ").flatMap(held)) : filled(piece))));
}

class Phrase {
  /** parts: strings, { token } for each token that is talked about, { value, shown } for each number. */
  constructor(parts) {
    this.parts = joined(parts);
  }

  toString() {
    const said = ({ token }) => (spoken(token) === null ? token : ` ${heard(token)} `);
    return this.parts
      .map((part) => (part.token === undefined ? (part.shown ?? part) : said(part)))
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

/** Tokens and texts one after the other, a space between each and the next. */
function spaced(words) {
  const tokens = (word) => (SENTINELS.includes(word) ? [word] : [...word]).map((token) => ({ token }));
  return words.flatMap((word, i) => (i ? [" ", ...tokens(word)] : tokens(word)));
}
