// The words of choosing what to learn from. They are written as the page's own (see ../words/say.js).

import { speak } from "../words/phrase.js";
import words from "../words/en/train_data.json";

export const { say, phrase } = speak(words);

/** The name of a message that has another form for one thing, for so many. */
export function forCount(name, count) {
  return count === 1 && `${name}_one` in words ? `${name}_one` : name;
}

export const isWorded = (name) => name in words;
