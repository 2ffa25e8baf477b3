// The annotated code: the proof that it is what runs, buttons that lead from its lines to the picture, lines that are
// copied as lines, and listings that open when something in them is asked for.

import { copyAsCode } from "../views/copied.js";
import { foldedCode } from "../views/folded_code.js";
import { proof } from "../views/proof.js";

export function code(node, { sandbox }) {
  copyAsCode(node);
  const folds = foldedCode(node);
  const loaded = proof(node.querySelector("#proof"));

  node.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-shows]");
    if (!button) return;
    folds.openIn(button.closest(".subsection"));
    sandbox.lead(button, button.dataset.shows);
  });

  return {
    update({ python }) {
      if (python.phase === "ready") loaded.update(python.facts.sha256);
    },
  };
}
