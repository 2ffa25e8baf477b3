// Python takes longest of all, and needs nothing of the page: first.js starts it before the page's own script is there.

import { makeFetcher } from "./assets.js";
import { Python } from "./client.js";

const LEFT = "startedPython"; // in window: all that first.js and the page's own script have in common

/** Start Python. files: all that it needs, as in assets.js. */
export function startPython(files) {
  const python = new Python({
    makeWorker: (script) => new Worker(script, { name: "python" }),
    fetchAssets: makeFetcher(files),
  });
  python.start();
  window[LEFT] = python;
}

/** The Python that was started, once: whoever takes it has it alone. */
export function takePython() {
  const python = window[LEFT];
  delete window[LEFT];
  return python;
}
