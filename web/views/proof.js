// The proof: the digests of the model's code and weights as Python loaded them, beside those in the repository.

import { say } from "../words/say.js";
import { setText } from "./element.js";

/**
 * node: the fold with all digests, the repository's already in it. Returns { update({ path: sha256, ... }, whether the
 * code is the person's own edit, whether other weights are in use) }, null when Python has not told them.
 */
export function proof(node) {
  const summary = node.querySelector("summary");
  const files = [...node.querySelectorAll("[data-path]")].map((file) => {
    const [built, loaded] = ["built", "loaded"].map((which) => file.querySelector(`[data-sha256=${which}]`));
    return { path: file.dataset.path, built: built.textContent, loaded };
  });
  return {
    update(sha256, edited = false, learned = false) {
      for (const { path, loaded } of files) setText(loaded, sha256?.[path] ?? say("proof_none"));
      const others = files.filter(({ path, built }) => sha256 && sha256[path] !== built).map(({ path }) => path);
      const agrees = sha256 === null ? "unknown" : others.length === 0;
      const words = {
        unknown: "proof_waiting",
        true: "proof_agrees",
        false: edited ? "proof_edited" : "proof_differs",
      };
      if (learned)
        Object.assign(words, { true: "proof_learned", false: edited ? "proof_edited_learned" : words.false });
      setText(summary, say(words[agrees], { files: others.join(", ") }));
      node.dataset.agrees = edited ? "edited" : agrees;
    },
  };
}
