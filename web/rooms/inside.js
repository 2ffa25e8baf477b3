// The way inside: MODEL in the pictures, and whatever else has data-inside. What looks inside is fetched when somebody wants it.

import { fetchScript, whyNot } from "../script.js";
import { setText } from "../views/element.js";
import { say } from "../words/say.js";

const SCRIPT = { file: "inside.js", name: "trenchcoatInside" };
const OPENERS = "[data-inside], .panel .model [data-part=model]";

/** node: where it opens. join(room): from then on it is a room of the page. Returns { update }. */
export function inside(node, page, join) {
  const heading = node.querySelector("h3");
  const word = node.querySelector("[role=status]");
  const openers = [...document.querySelectorAll(".coat-opener")];
  let room = null; // a promise of it, once it was asked for
  let seen = null; // the last that rooms were told

  document.addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey, altKey }) => {
    const opener = target.closest(OPENERS);
    if (!opener || ctrlKey || metaKey || shiftKey || altKey) return;
    if (openers.includes(opener) && !node.hidden) close();
    else open(opener);
  });

  async function open(opener) {
    show(true);
    if (opener.closest("#sandbox") === null && !opener.matches("a")) page.sandbox.open(opener, {});
    heading.focus({ preventScroll: true });
    node.scrollIntoView({ block: "start" });
    try {
      if (!room) setText(word, say("inside_waiting"));
      room ??= fetchScript(SCRIPT, page.build.scripts).then(({ insideRoom }) => joined(insideRoom(node, page, close)));
      (await room).open(opener.dataset.inside ?? "");
    } catch (error) {
      room = null;
      setText(word, whyNot(error, "inside"));
    }
  }

  function joined(looking) {
    setText(word, "");
    looking.update(seen);
    return join(looking);
  }

  function close() {
    room?.then((looking) => looking.close());
    if (node.contains(document.activeElement)) openers.find((each) => each.getClientRects().length)?.focus();
    show(false);
  }

  function show(whether) {
    node.hidden = !whether;
    for (const opener of openers) {
      opener.setAttribute("aria-expanded", whether);
      setText(opener, say(whether ? "close_coat" : "open_coat"));
    }
  }

  return {
    update(latest) {
      seen = latest;
    },
  };
}
