// Beside the editor: experiments, which are ready changes of the file, and challenges, which are changes to make oneself.

import { element } from "../views/element.js";
import { speak } from "../words/phrase.js";
import words from "../words/en/lab.json";
import { challenges } from "./challenges.js";
import { experiments } from "./experiments.js";
import { keptLab } from "./lab_kept.js";
import { patched } from "./patch.js";

const { say } = speak(words);

/**
 * edit: { original, text(), replace(text), run(): a promise of whether the edit is in use, ask(method, …): asks it }.
 * look(link): set the sandbox to what a link says. Returns { node, update() }, to be called when the file is another one.
 */
export function lab(edit, look) {
  const kept = keptLab();

  /** Put the original with this patch in the place of the file, which is kept, and run it. */
  function apply(id, patch) {
    const { applied } = kept.get();
    const text = patched(edit.original, patch);
    const before = applied && edit.text() === applied.text ? applied.before : edit.text();
    kept.put({ applied: { id, before, text } });
    edit.replace(text);
    return edit.run();
  }

  /** Put back what was there before. */
  function undo() {
    const { before } = kept.get().applied;
    kept.put({ applied: null });
    edit.replace(before);
    return edit.run();
  }

  const page = { edit, kept, apply, undo, look, isApplied: (id) => kept.get().applied?.id === id };
  const parts = { experiments: experiments(page), challenges: challenges(page) };
  const node = element(
    "div.lab",
    {},
    ...Object.entries(parts).map(([name, part]) =>
      element(
        "details.part",
        { id: name },
        element("summary", {}, say(name)),
        element("p.hint", {}, say(`${name}_hint`)),
        part.node,
      ),
    ),
  );
  return {
    node,
    update() {
      if (kept.get().applied && edit.text() === edit.original) kept.put({ applied: null }); // taken back in another way
      for (const part of Object.values(parts)) part.update();
    },
  };
}
