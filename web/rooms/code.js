// The annotated code: the proof that it is what runs, buttons that lead from its lines to the picture, and lines
// that are copied as lines.

import { copyAsCode } from "../views/copied.js";
import { proof } from "../views/proof.js";

export function code(node, { ask, sandbox }) {
  copyAsCode(node);
  const loaded = proof(node.querySelector("#proof"));
  let proven = false; // whether the Python that runs now has been asked what it loaded

  node.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-shows]");
    if (button) sandbox.lead(button, button.dataset.shows);
  });
  document.addEventListener("click", ({ target }) => {
    // Some browsers do not open it by themselves for a link to a line in it.
    if (target.closest("a")?.hash.startsWith("#file-")) node.querySelector(".whole-file").open = true;
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
