// A message whose words are plain, its {blanks} filled in. say.js is for those that talk about tokens.
//
// first.js stands in the page itself, and has to be small: the build puts into it only those messages that are named,
// as words.asset_missing is with import * as words from "./words/en/messages.json".

export function fill(sentence, blanks) {
  return sentence.replace(/\{(\w+)\}/g, (_, blank) => blanks[blank]);
}
