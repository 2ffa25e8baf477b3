// The proof: the digest of the model's file as Python loaded it, beside that of the file in the repository.

import { say } from "../words/say.js";
import { setText } from "./element.js";

/**
 * node: the figure with both digests, the repository's already in it. Returns { update(sha256, whether
 * it is the person's own edit) }, null when Python has not told it.
 */
export function proof(node) {
  const [built, loaded] = ["built", "loaded"].map((which) => node.querySelector(`[data-sha256=${which}]`));
  const sentence = node.querySelector("figcaption");
  return {
    update(sha256, edited = false) {
      const agrees = sha256 === null ? "unknown" : sha256 === built.textContent;
      setText(loaded, sha256 ?? say("proof_none"));
      const words = {
        unknown: "proof_waiting",
        true: "proof_agrees",
        false: edited ? "proof_edited" : "proof_differs",
      };
      setText(sentence, say(words[agrees]));
      node.dataset.agrees = edited ? "edited" : agrees;
    },
  };
}
