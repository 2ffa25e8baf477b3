// The proof: the digests of the model's code and weights as Python loaded them, beside those in the repository.

import { say } from "../words/say.js";
import { setText } from "./element.js";

// By what is not as it is in the repository.
const SENTENCES = {
  "": "proof_agrees",
  code: "proof_other_code",
  weights: "proof_other_weights",
  "code weights": "proof_others",
};

/** node: the fold with all digests, the repository's already in it. Returns { update({ code, weights }) }. */
export function proof(node) {
  const sentence = node.querySelector("summary");
  const files = [...node.querySelectorAll("[data-proves]")].map((file) => {
    const [built, loaded] = ["built", "loaded"].map((which) => file.querySelector(`[data-sha256=${which}]`));
    return { name: file.dataset.proves, built: built.textContent, loaded };
  });
  return {
    update(sha256) {
      for (const { name, loaded } of files) setText(loaded, sha256[name]);
      const others = files.filter(({ name, built }) => sha256[name] !== built).map(({ name }) => name);
      setText(sentence, say(SENTENCES[others.join(" ")]));
      node.dataset.agrees = others.length === 0;
    },
  };
}
