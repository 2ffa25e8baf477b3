// The way into the editor: its buttons, and word of an edit that was kept. The editor itself is fetched when somebody
// presses Edit.

import { keptEdit } from "../edit/kept.js";
import { fetchScript, whyNot } from "../script.js";
import { setText } from "../views/element.js";
import { changedLines } from "../views/whose.js";
import { say } from "../words/say.js";

const SCRIPT = { file: "edit.js", name: "trenchcoatEditor" };

/** join(room): from then on it is a room of the page. Returns { update }. */
export function edit(node, page, join) {
  const opener = document.querySelector("#edit-open");
  const word = document.querySelector("#edit-word");
  const kept = keptEdit();
  let room = null; // a promise of the editor, once it was asked for
  let seen = null; // the last that rooms were told

  if (kept) setText(word, say("edit_kept", { lines: changedLines(kept.changed) }));

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-edit]");
    if (button) enter(button);
  });

  async function enter(button) {
    page.sandbox.stand(button);
    try {
      room ??= fetchScript(SCRIPT, page.build.scripts).then(({ editRoom }) => joined(editRoom(node, page)));
      (await room).enter({ line: Number(button.dataset.edit) || null });
      setText(word, "");
    } catch (error) {
      room = null;
      setText(word, whyNot(error, "edit"));
      opener.scrollIntoView({ block: "center" });
    }
  }

  function joined(editor) {
    editor.update(seen);
    return join(editor);
  }

  return {
    update(latest) {
      seen = latest;
    },
  };
}
