// The words of a step that is told slowly. They are written as the page's own (see ../words/say.js).

import { speak } from "../words/phrase.js";
import words from "../words/en/one_step.json";

export const { say, phrase } = speak(words);
export const isWorded = (name) => name in words;
