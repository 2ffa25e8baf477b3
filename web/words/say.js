// The words of the page's own messages. A second language is a second file like en/.

import words from "./en/messages.json";

/** The message of that name, its {blanks} filled in. */
export function say(name, blanks = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, blank) => blanks[blank]);
}
