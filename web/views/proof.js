// The proof: the digests of the model's code and weights as Python loaded them, beside those in the repository.

import { say } from "../words/say.js";
import { setText } from "./element.js";

/** node: the fold with all digests, the repository's already in it. Returns { update({ path: sha256, ... }) }. */
export function proof(node) {
  const sentence = node.querySelector("summary");
  const files = [...node.querySelectorAll("[data-path]")].map((file) => {
    const [built, loaded] = ["built", "loaded"].map((which) => file.querySelector(`[data-sha256=${which}]`));
    return { path: file.dataset.path, built: built.textContent, loaded };
  });
  return {
    update(sha256) {
      for (const { path, loaded } of files) setText(loaded, sha256[path]);
      const others = files.filter(({ path, built }) => sha256[path] !== built).map(({ path }) => path);
      const agrees = others.length === 0;
      setText(sentence, agrees ? say("proof_agrees") : say("proof_differs", { files: others.join(", ") }));
      node.dataset.agrees = agrees;
    },
  };
}
