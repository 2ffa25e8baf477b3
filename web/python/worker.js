// The worker's side of Python: starts Pyodide on what the page fetched, then answers calls in order.
//
// The build makes one classic script of this and all that it imports, Pyodide included; the page starts it from a
// Blob. So it is held to the page's Content-Security-Policy, and starts just as well from a file on a memory stick.

import "./little_memory.js";
import { refuse } from "./no_network.js"; // before all others: Pyodide asks at once what there is
import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { info } from "pyodide/pyodide-lock.json";
import { countPrinted } from "./printed.js";
import { makeMachine } from "../tape/machine.js";
import { toPlain } from "./protocol.js";

const HOME = "/home/pyodide";
const MEMORY = "memory:/"; // where Pyodide believes its files to be

let lesson;
const printed = countPrinted((id, text) => self.postMessage({ type: "printed", id, text }));
const alive = holdLock(); // Python holds up everything else for a while: what is not done before it starts has to wait

self.onmessage = async ({ data }) => {
  if (data.type === "start") {
    printed.begin(null);
    try {
      await start(data);
      printed.end();
      self.postMessage({ type: "ready" });
    } catch (error) {
      printed.end();
      self.postMessage({ type: "failed", error: toPlain(error) });
    }
  } else {
    const { id, method, args } = data;
    printed.begin(id);
    try {
      const value = JSON.parse(lesson.answer(method, JSON.stringify(args)));
      printed.end();
      self.postMessage({ type: "answer", id, value });
    } catch (error) {
      printed.end();
      self.postMessage({ type: "error", id, error: toPlain(error) });
    }
  }
};

async function start({ wasm, stdlib, sources, weights, module, replay }) {
  const stage = (stage) => self.postMessage({ type: "stage", stage });
  stage("starting");
  await alive;
  answerFromMemory(wasm, stdlib);
  const pyodide = await loadPyodide({
    indexURL: MEMORY,
    packageBaseUrl: MEMORY, // never its own default, which is another origin
    lockFileContents: { info, packages: {} }, // the standard library is all there is
    createPyodideModule,
  });
  self.fetch = refuse;
  pyodide.setStdout(printed.stream);
  pyodide.setStderr(printed.stream);
  pyodide.setStdin({ stdin: () => null }); // nobody can type there
  stage("loading");
  for (const [path, source] of Object.entries(sources)) {
    pyodide.FS.writeFile(`${HOME}/${path.split("/").pop()}`, source);
  }
  const machine = replay && (() => makeMachine(new WebAssembly.Module(replay)));
  lesson = pyodide.pyimport(module).start(weights, ...(machine ? [machine] : []));
}

/** Pyodide fetches its engine and library itself. The page has both already, checked and compiled: give it those. */
function answerFromMemory(wasm, stdlib) {
  self.fetch = async (address) => new Response(String(address).endsWith(".zip") ? stdlib : null);
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module: wasm,
    instance: await WebAssembly.instantiate(wasm, imports),
  });
}

/** Hold a lock for as long as this worker lives, so that the page notices its death at once. */
async function holdLock() {
  try {
    const lock = `python-${crypto.randomUUID()}`;
    await new Promise((held, refused) => {
      const keep = () => {
        held();
        return new Promise(() => {});
      };
      navigator.locks.request(lock, keep).catch(refused);
    });
    self.postMessage({ type: "alive", lock });
  } catch {
    // There are none over plain http, nor for a file opened by double click.
  }
}
