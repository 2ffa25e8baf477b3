// What the sandbox says while an edit is in use: how it compares with the original, that it is silent, and in place of a
// picture, what is wrong with what it gave.

import { data, element, number, setText } from "../views/element.js";
import { explainDistribution } from "./explain.js";
import { phrase, say } from "./say.js";

/**
 * node: where it stands. panels: the pictures. stop(): end the edit. Returns { update(seen), silent(whether),
 * compare(both) }.
 */
export function inSandbox(node, panels, stop) {
  const wrong = noDistribution();
  panels[0].before(wrong.node);
  const average = element("p", { hidden: "" });
  const quiet = element(
    "p.silent",
    { role: "alert", hidden: "" },
    element("span"),
    element("button", { type: "button", onclick: stop }, say("stop_edit")),
  );
  const outlines = element("p.hint", { hidden: "" }, say("outlines"));
  node.append(average, outlines, quiet);

  return {
    update({ trouble, compared }) {
      const distribution = trouble?.told?.distribution ?? null;
      wrong.update(distribution);
      for (const panel of panels) panel.classList.toggle("replaced", distribution !== null);
      outlines.hidden = compared === null;
    },
    silent(whether) {
      quiet.hidden = !whether;
      setText(quiet.firstChild, whether ? say("silent") : "");
    },
    /** both: { yours, original, count } once they are known. */
    compare(both) {
      average.hidden = both === null;
      if (both) setText(average, phrase("compared", both));
    },
  };
}

/** In the place of bars: why there are none. */
function noDistribution() {
  const title = element("h3");
  const sentence = element("p");
  const value = data();
  const node = element("div.no-distribution", { role: "alert", hidden: "" }, title, sentence, element("p", {}, value));
  return {
    node,
    update(distribution) {
      node.hidden = distribution === null;
      if (!distribution) return;
      setText(title, phrase("no_distribution", { tokens: distribution.after }));
      setText(sentence, explainDistribution(distribution));
      value.hidden = distribution.number === null;
      if (distribution.number !== null) number(value, distribution.number, String);
    },
  };
}
