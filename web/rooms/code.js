// The annotated code: the proof that it is what runs, buttons that lead from its lines to the picture, lines that are
// copied as lines, and listings that open when something in them is asked for.

import { copyAsCode } from "../views/copied.js";
import { foldedCode } from "../views/folded_code.js";
import { proof } from "../views/proof.js";

export function code(node, { model, sandbox }) {
  copyAsCode(node);
  const folds = foldedCode(node);
  const loaded = proof(node.querySelector("#proof"));
  let proven = null; // whose file the figure is about: "original", or an edit
  let learned = false; // whether other weights are in use

  node.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-shows]");
    if (!button) return;
    folds.openIn(button.closest(".subsection"));
    sandbox.lead(button, button.dataset.shows);
  });

  return {
    update({ python, edit, weights }) {
      const whose = edit ?? (python.phase === "ready" ? "original" : null);
      if (whose === proven && learned === Boolean(weights)) return;
      proven = whose;
      learned = Boolean(weights);
      if (edit) loaded.update(edit.sha256, true, learned);
      else if (!whose) loaded.update(null);
      else
        model.original("sha256").then(
          (sha256) => whose === proven && loaded.update(sha256, false, learned),
          () => {},
        ); // or the next is asked
    },
  };
}
