// The first screen: a name goes in, what the model expects next comes out. It is the sandbox's text and its picture.

import { setText } from "../views/element.js";
import { whose, whoseWeights } from "../views/whose.js";
import { openingView } from "../views/opening.js";
import { textField } from "../views/text.js";

export function opening(node, { state, model, sandbox }) {
  const view = openingView();
  const note = document.getElementById("provenance");
  node.querySelector(".pipeline").replaceWith(view.node);
  const input = node.querySelector("#name");
  const field = textField({
    input,
    message: node.querySelector("#name-message"),
    leftOut: node.querySelector("#name-left-out"),
    vocabulary: model.vocabulary,
    state,
  });

  // A phone's keyboard takes half of the screen: then the field goes to the top, so that the bars are seen while typing.
  window.visualViewport?.addEventListener("resize", () => {
    const covered = view.node.querySelector(".bars").getBoundingClientRect().bottom > visualViewport.height;
    if (covered && document.activeElement === input) input.scrollIntoView({ block: "start" });
  });

  node.querySelector(".on").addEventListener("click", ({ target }) => {
    const { mode } = target.dataset;
    if (mode) sandbox.open(target, { mode });
  });

  return {
    update(seen) {
      field.update(seen);
      view.update(seen);
      const others = [seen.edit && whose(seen.edit), seen.weights && whoseWeights(seen.weights)];
      setText(note, seen.note || others.filter(Boolean).join(" "));
      view.node.classList.toggle("stale", seen.stale);
    },
  };
}
