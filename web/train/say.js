// The words of training, which come with it. They are written as the page's own (see ../words/say.js).

import { speak } from "../words/phrase.js";
import words from "../words/en/train.json";

export const { say, phrase } = speak(words);
