// A newer build of the page is there: a line says so, with a button to go over to it.

import { say } from "../words/say.js";
import { setText } from "./element.js";

/** Returns a function that shows the line; use(): see ../offline.js. */
export function newerBuild(node) {
  const [line, button] = node.children;
  return (use) => {
    node.hidden = false;
    button.onclick = async () => (await use()) === false && setText(line, say("newer_elsewhere"));
  };
}
