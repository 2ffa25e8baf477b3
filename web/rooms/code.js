// The annotated code: the proof that it is what runs, buttons that lead from its lines to the picture, lines that are
// copied as lines, and listings that open when something in them is asked for.

import { copyAsCode } from "../views/copied.js";
import { foldedCode } from "../views/folded_code.js";
import { proof } from "../views/proof.js";

export function code(node, { ask, sandbox }) {
  copyAsCode(node);
  const folds = foldedCode(node);
  const loaded = proof(node.querySelector("#proof"));
  let proven = false; // whether the Python that runs now has been asked what it loaded

  node.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-shows]");
    if (!button) return;
    folds.openIn(button.closest(".subsection"));
    sandbox.lead(button, button.dataset.shows);
  });

  return {
    update({ python }) {
      const ready = python.phase === "ready";
      if (ready === proven) return;
      proven = ready;
      if (!ready) loaded.update(null);
      else ask("sha256").then(loaded.update, () => {}); // if that Python ends first, the next one is asked
    },
  };
}
