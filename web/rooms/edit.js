// The way into the editor: its buttons, and word of an edit that was kept. The editor itself is fetched when somebody
// presses Edit.

import { keptEdit } from "../edit/kept.js";
import { embedded } from "../python/embedded.js";
import { lookInto } from "../refusal.js";
import { element, setText } from "../views/element.js";
import { changedLines } from "../views/whose.js";
import { say } from "../words/say.js";

const EDITOR = "edit.js";

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
      room ??= fetchEditor(page.build.editor).then(({ editRoom }) => joined(editRoom(node, page)));
      (await room).enter({ line: Number(button.dataset.edit) || null });
      setText(word, "");
    } catch (error) {
      room = null;
      setText(word, error.message);
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

/** What edit/room.js exports. place: { address, integrity } of its script, null if the page carries it in itself. */
async function fetchEditor(place) {
  if (!window.trenchcoatEditor) {
    const attributes = place ? { src: place.address, integrity: place.integrity } : {};
    const script = element("script", attributes);
    if (place) await arrival(script, place.address);
    else {
      script.textContent = await embedded(EDITOR).text();
      document.head.append(script);
    }
  }
  if (!window.trenchcoatEditor) throw new Error(say("edit_unusable"));
  return window.trenchcoatEditor;
}

async function arrival(script, address) {
  try {
    await new Promise((onload, onerror) => {
      Object.assign(script, { onload, onerror });
      document.head.append(script);
    });
  } catch {
    script.remove();
    const why = await lookInto(EDITOR, address, { type: "javascript" });
    throw new Error(`${why ?? say("edit_unusable")} ${say("edit_again")}`);
  }
}
