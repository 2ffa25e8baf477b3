// The lesson: its clips play, and its links set the sandbox to an example.

import { clip } from "../views/clips.js";
import { layOutLater } from "../views/far.js";

export function lesson(node, { build, sandbox, later }) {
  layOutLater([...node.querySelectorAll(".far")], later);
  // Each shows its last moment until it can play.
  for (const figure of node.querySelectorAll("[data-clip]")) {
    later.add(figure, () => clip(figure, figure.dataset.clip, build.clips[figure.dataset.clip]));
  }

  /** A link of the lesson that sets the sandbox to an example also brings it beside the text. */
  node.addEventListener("click", (event) => {
    const link = event.target.closest("a.try");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    sandbox.follow(link);
  });

  return { update() {} };
}
