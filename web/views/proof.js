// The proof: the digest of the model's file as Python loaded it, beside that of the file in the repository.

import { say } from "../words/say.js";
import { setText } from "./element.js";

/**
 * node: the figure with both digests, the repository's already in it. Returns { update(sha256) }, null when Python has
 * not told it.
 */
export function proof(node) {
  const [built, loaded] = ["built", "loaded"].map((which) => node.querySelector(`[data-sha256=${which}]`));
  const sentence = node.querySelector("figcaption");
  return {
    update(sha256) {
      const agrees = sha256 === null ? "unknown" : sha256 === built.textContent;
      setText(loaded, sha256 ?? say("proof_none"));
      setText(sentence, say({ unknown: "proof_waiting", true: "proof_agrees", false: "proof_differs" }[agrees]));
      node.dataset.agrees = agrees;
    },
  };
}
