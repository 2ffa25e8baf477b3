// Pyodide just as its npm package has it, in a module worker: the start that the page's own is measured against,
// and a Python like the page's to time training steps in.

import { loadPyodide } from "pyodide";
import replay from "replay.wasm";
import { makeMachine } from "../../web/tape/machine.js";

self.onmessage = ({ data: { sources, weights } }) => {
  for (const [name, source] of Object.entries(sources)) pyodide.FS.writeFile(`/home/pyodide/${name}`, source);
  self.postMessage(
    pyodide
      .pyimport("training_step")
      .measure(weights, makeMachine(new WebAssembly.Module(replay)))
      .toJs(),
  );
};

const pyodide = await loadPyodide({ indexURL: new URL("pyodide/", self.location).href });
self.postMessage(pyodide.runPython("1 + 1"));
