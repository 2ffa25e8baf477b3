// The first screen: a name goes in, what the model expects next comes out. It is the sandbox's text and its picture.

import { setText } from "../views/element.js";
import { openingView } from "../views/opening.js";
import { textField } from "../views/text.js";

export function opening(node, { build, state, sandbox }) {
  const view = openingView();
  const note = document.getElementById("provenance");
  node.querySelector(".pipeline").replaceWith(view.node);
  const field = textField({
    input: node.querySelector("#name"),
    message: node.querySelector("#name-message"),
    vocabulary: build.vocabulary,
    state,
  });

  node.querySelector(".on").addEventListener("click", ({ target }) => {
    const { mode } = target.dataset;
    if (mode) sandbox.open(target, { mode });
  });

  return {
    update(seen) {
      field.update(seen);
      view.update(seen);
      setText(note, seen.note);
    },
  };
}
