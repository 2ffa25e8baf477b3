// How messages are written: with {blanks}, and [brackets] around the tokens that they talk about: [START], [{token}],
// [{tokens}].

import { heard, spoken } from "./characters.js";
import { fill } from "./fill.js";

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
    const pieces = words[name].split(/\[(.*?)\]/); // plain and bracketed in turn
    return new Phrase(
      pieces.flatMap((piece, i) => (i % 2 ? spaced(piece.split(" ").flatMap(held)) : fill(piece, blanks))),
    );
  }
  return { phrase, say: (name, blanks) => String(phrase(name, blanks)) };
}

class Phrase {
  /** parts: strings, and { token } for each token that is talked about. */
  constructor(parts) {
    this.parts = parts;
  }

  toString() {
    const said = ({ token }) => (spoken(token) === null ? token : ` ${heard(token)} `);
    return this.parts
      .map((part) => (part.token === undefined ? part : said(part)))
      .join("")
      .replaceAll("  ", " ");
  }
}

/** Tokens and texts one after the other, a space between each and the next. */
function spaced(words) {
  const tokens = (word) => (SENTINELS.includes(word) ? [word] : [...word]).map((token) => ({ token }));
  return words.flatMap((word, i) => (i ? [" ", ...tokens(word)] : tokens(word)));
}
