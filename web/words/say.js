// The words of the page's own messages. A second language is a second file like en/. How they are written: phrase.js.

import words from "./en/messages.json";
import { speak } from "./phrase.js";

export const { say, phrase } = speak(words);
