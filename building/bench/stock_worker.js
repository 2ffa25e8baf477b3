// Pyodide just as its npm package has it, in a module worker: the start that the page's own is measured against,
// and a Python like the page's to time modules like training_step.py in.

import { loadPyodide } from "pyodide";
import replay from "replay.wasm";
import { makeMachine } from "../../web/tape/machine.js";

self.onmessage = ({ data: { module, sources, weights } }) => {
  for (const [name, source] of Object.entries(sources)) pyodide.FS.writeFile(`/home/pyodide/${name}`, source);
  const machine = makeMachine(new WebAssembly.Module(replay));
  self.postMessage(pyodide.pyimport(module).measure(weights, machine).toJs());
};

const pyodide = await loadPyodide({ indexURL: new URL("pyodide/", self.location).href });
self.postMessage(pyodide.runPython("1 + 1"));
