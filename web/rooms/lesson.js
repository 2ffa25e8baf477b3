// The lesson: its clips play, and its links set the sandbox to an example.

import { clip } from "../views/clips.js";

export function lesson(node, { build }) {
  for (const figure of node.querySelectorAll("[data-clip]")) {
    clip(figure, figure.dataset.clip, build.clips[figure.dataset.clip]);
  }

  /** A link of the lesson that sets the sandbox to an example also brings the reader there. */
  node.addEventListener("click", (event) => {
    const link = event.target.closest("a.try");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const sandbox = document.getElementById("sandbox");
    sandbox.scrollIntoView();
    const mode = new URLSearchParams(link.hash.slice(1)).get("mode");
    sandbox.querySelector(`#${mode}-tab`).focus({ preventScroll: true });
  });

  return { update() {} };
}
