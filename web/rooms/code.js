// The annotated code: the proof that it is what runs, buttons that lead from its lines to the picture, and lines
// that are copied as lines.

import { copyAsCode } from "../views/copied.js";
import { proof } from "../views/proof.js";

export function code(node, { model, sandbox }) {
  copyAsCode(node);
  const loaded = proof(node.querySelector("#proof"));
  let proven = null; // whose file the figure is about: "original", or an edit

  node.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-shows]");
    if (button) sandbox.lead(button, button.dataset.shows);
  });
  document.addEventListener("click", ({ target }) => {
    // Some browsers do not open it by themselves for a link to a line in it.
    if (target.closest("a")?.hash.startsWith("#file-")) node.querySelector(".whole-file").open = true;
  });

  return {
    update({ python, edit }) {
      const whose = edit ?? (python.phase === "ready" ? "original" : null);
      if (whose === proven) return;
      proven = whose;
      if (edit) loaded.update(edit.sha256, true);
      else if (!whose) loaded.update(null);
      else
        model.original("sha256").then(
          (sha256) => whose === proven && loaded.update(sha256),
          () => {},
        ); // or the next is asked
    },
  };
}
