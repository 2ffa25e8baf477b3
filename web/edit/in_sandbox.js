// What the sandbox says while an edit is in use: how it compares with the original, that it is silent, and in place of a
// picture, why there is none.

import { data, element, number, setText } from "../views/element.js";
import { explain, explainDistribution } from "./explain.js";
import { phrase, say } from "./say.js";

/**
 * node: where it stands. panels: the pictures. stop(): end the edit. Returns { update(seen), silent(whether),
 * compare(both) }.
 */
export function inSandbox(node, panels, stop) {
  const missing = noPicture();
  panels[0].before(missing.node);
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
    update({ trouble, compared, edit, picture, state }) {
      const why = whyNoPicture(trouble?.told?.distribution, edit && state.mode === "loss" && picture.loss_error);
      missing.update(why);
      for (const panel of panels) panel.classList.toggle("replaced", why !== null);
      outlines.hidden = compared === null || why !== null;
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

/** { title, sentence, number }, or null if there is a picture. */
function whyNoPicture(distribution, lossError) {
  if (distribution) {
    const title = phrase("no_distribution", { tokens: distribution.after });
    return { title, sentence: explainDistribution(distribution), number: distribution.number };
  }
  return lossError ? { title: say("no_loss"), sentence: explain(lossError), number: null } : null;
}

/** In the place of a picture: why there is none. */
function noPicture() {
  const title = element("h3");
  const sentence = element("p");
  const value = data();
  const node = element("div.no-picture", { role: "alert", hidden: "" }, title, sentence, element("p", {}, value));
  return {
    node,
    update(why) {
      node.hidden = why === null;
      if (!why) return;
      setText(title, why.title);
      setText(sentence, why.sentence);
      value.parentNode.hidden = why.number === null;
      if (why.number !== null) number(value, why.number, String);
    },
  };
}
