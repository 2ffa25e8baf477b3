// A table with its head, empty so far.

import { say as saysPage } from "../words/say.js";
import { element } from "./element.js";

/**
 * kind: "table.draws". name: its accessible name. headings: the words of its columns; say: where they stand, if not among the
 * page's own. Returns { table, body }.
 */
export function headedTable(kind, name, headings, say = saysPage) {
  const heads = headings.map((word) => element("th", { scope: "col" }, say(word)));
  const body = element("tbody");
  const head = element("thead", {}, element("tr", {}, ...heads));
  return { table: element(kind, { "aria-label": name }, head, body), body };
}

/** The same where the style draws rows as columns: browsers forget then what is what, unless roles say so. */
export function drawnTable(kind, name, headings, head = "thead") {
  const heads = headings.map((word) => element("th", { scope: "col", role: "columnheader" }, saysPage(word)));
  const body = element("tbody", { role: "rowgroup" });
  const top = element(head, { role: "rowgroup" }, element("tr", { role: "row" }, ...heads));
  return { table: element(kind, { "aria-label": name, role: "table" }, top, body), body };
}
