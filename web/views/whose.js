// Which file computes what is on the screen.

import { say } from "../words/say.js";

/** edit: the edit in use (see in_use.js), or null for the original. */
export function whose(edit) {
  return edit ? say("whose_edit", { lines: changedLines(edit.changed) }) : say("whose_original");
}

export const changedLines = (count) => say(`lines_${count === 1 ? "one" : "more"}`, { changed: count });
