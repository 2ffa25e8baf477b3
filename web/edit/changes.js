// What an edit changes.

import { Chunk } from "@codemirror/merge";
import { Text } from "@codemirror/state";

/** How many lines of a text were changed, added or taken away. */
export function changedLines(original, text) {
  if (text === original) return 0;
  const [before, after] = [original, text].map((each) => Text.of(each.split("\n")));
  const lines = (doc, from, end) =>
    end > from ? doc.lineAt(Math.min(end, doc.length)).number - doc.lineAt(from).number + 1 : 0;
  const counts = Chunk.build(before, after).map(({ fromA, endA, fromB, endB }) =>
    Math.max(lines(before, fromA, endA), lines(after, fromB, endB)),
  );
  return Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
}
