// What went wrong, where the editor is: a sentence, a way to mend it if there is one, and the traceback folded beneath.

import { element, setText, worded } from "../views/element.js";
import { say } from "./say.js";

/**
 * lead(line): to that line of the file. Returns { node, show({ line, sentence, full: phrases, traceback, offer: { words,
 * act } }), clear() }.
 */
export function troublePanel(lead) {
  const sentence = element("p.what");
  const full = element("div.full");
  const where = element("button.quiet", { type: "button" });
  const mend = element("button", { type: "button" });
  const traceback = element("pre", { translate: "no", class: "notranslate", tabindex: "0" });
  const folded = element("details", {}, element("summary", {}, say("traceback")), traceback);
  const ways = element("p.ways", {}, where, mend);
  const node = element("div.trouble", { role: "alert", hidden: "" }, sentence, full, ways, folded);
  let shown = null;

  where.addEventListener("click", () => lead(shown.line));
  mend.addEventListener("click", () => shown.offer.act());
  return {
    node,
    show(trouble) {
      shown = { line: null, full: [], traceback: "", offer: null, ...trouble };
      node.hidden = false;
      setText(sentence, shown.sentence);
      full.replaceChildren(...shown.full.map((phrase) => worded("p", phrase)));
      where.hidden = shown.line === null;
      if (shown.line) setText(where, say("go_to_line", { line: shown.line }));
      mend.hidden = shown.offer === null;
      if (shown.offer) setText(mend, shown.offer.words);
      ways.hidden = where.hidden && mend.hidden;
      folded.hidden = shown.traceback === "";
      setText(traceback, shown.traceback);
    },
    clear() {
      node.hidden = true;
      setText(sentence, "");
    },
  };
}
