// The lesson: its clips play, and its links set the sandbox to an example.

import { whenIdle } from "../idle.js";
import { clip } from "../views/clips.js";

export function lesson(node, { build, sandbox }) {
  const figures = [...node.querySelectorAll("[data-clip]")]; // each shows its last moment until it can play
  whenIdle(figures.map((figure) => () => clip(figure, figure.dataset.clip, build.clips[figure.dataset.clip])));

  /** A link of the lesson that sets the sandbox to an example also brings it beside the text. */
  node.addEventListener("click", (event) => {
    const link = event.target.closest("a.try");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    sandbox.follow(link);
  });

  return { update() {} };
}
