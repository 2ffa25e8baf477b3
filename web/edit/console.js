// What the edit prints: while it starts, and while it answers what is on the screen.

import { element, setText } from "../views/element.js";
import { say } from "./say.js";

/** Returns { node, begin(): it is being started, take(what: see python/printed.js, method) }. */
export function printedText() {
  const text = element("pre", { translate: "no", class: "notranslate", tabindex: "0", "aria-label": say("printed") });
  const more = element("p.hint");
  const node = element("section.printed", { hidden: "" }, element("h4", {}, say("printed")), text, more);
  let answered = null; // whether what stands there was printed by an answer that is over

  function clear() {
    text.textContent = "";
    setText(more, "");
    node.hidden = true;
  }

  return {
    node,
    begin: clear,
    /** The next answer begins: what the last one printed goes when this one prints something. */
    ask() {
      answered = true;
    },
    take(what, method) {
      if (method !== null && method !== "show") return; // what is computed beside it
      if (answered) clear();
      answered = false;
      node.hidden = false;
      if (what.leftOut) setText(more, say("printed_more", { count: what.leftOut.toLocaleString("en") }));
      else text.append(what);
    },
  };
}
