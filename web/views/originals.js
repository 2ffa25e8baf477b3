// What the original model gives, beside what the person's edit of it does: an outline where the bar would end, and the value.

import { say } from "../words/say.js";
import { data, element, number, setText } from "./element.js";

/**
 * track: where the bar is. cell: where its value stands. format: of the value. Returns { update(value, place) }: place(outline,
 * value) puts the outline in its place; without a value neither is there.
 */
export function originals(track, cell, format) {
  let made = null; // { outline, words, shown }: most people never edit

  function make() {
    const outline = element("i.outline");
    const shown = data();
    const words = element("span.original", {}, element("span"), " ", shown);
    return { outline, words, shown };
  }

  return {
    update(value, place) {
      if (value === undefined) {
        made?.outline.remove();
        made?.words.remove();
        return;
      }
      made ??= make();
      const { outline, words, shown } = made;
      if (!outline.isConnected) track.append(outline);
      if (!words.isConnected) cell.append(words);
      setText(words.firstChild, say("original_value"));
      number(shown, value, format);
      place(outline, value);
    },
  };
}
