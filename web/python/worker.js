// The worker's side of Python: starts Pyodide on what the page fetched, then answers calls in order.

import { loadPyodide } from "pyodide";
import { info } from "pyodide/pyodide-lock.json";
import { toPlain } from "./protocol.js";

const HOME = "/home/pyodide";
const PYODIDE = new URL("pyodide/", self.location).href;

const engine = import(`${PYODIDE}pyodide.asm.mjs`); // begins at once, beside the page's own fetches
engine.catch(() => {}); // looked at in start()

let lesson;

self.onmessage = async ({ data }) => {
  if (data.type === "start") {
    try {
      const facts = await start(data);
      self.postMessage({ type: "ready", facts });
    } catch (error) {
      self.postMessage({ type: "failed", error: toPlain(error) });
    }
  } else {
    const { id, method, args } = data;
    try {
      self.postMessage({ type: "answer", id, value: JSON.parse(lesson.answer(method, JSON.stringify(args))) });
    } catch (error) {
      self.postMessage({ type: "error", id, error: toPlain(error) });
    }
  }
};

async function start({ wasm, stdlib, sources, weights }) {
  const stage = (stage) => self.postMessage({ type: "stage", stage });
  answerFromMemory(wasm, stdlib);
  const { default: createPyodideModule } = await engine;
  stage("starting");
  const pyodide = await loadPyodide({
    indexURL: PYODIDE,
    packageBaseUrl: PYODIDE, // never its own default, which is another origin
    lockFileContents: { info, packages: {} }, // the standard library is all there is
    createPyodideModule,
  });
  stage("loading");
  for (const [path, source] of Object.entries(sources)) {
    pyodide.FS.writeFile(`${HOME}/${path.split("/").pop()}`, source);
  }
  lesson = pyodide.pyimport("lesson").Lesson(weights);
  return { sha256: pyodide.pyimport("proof").sha256(), lock: await holdLock() };
}

/** Pyodide fetches its engine and library itself. The page has both already, checked and compiled: give it those. */
function answerFromMemory(wasm, stdlib) {
  const fetchFromNetwork = self.fetch;
  self.fetch = async (address, options) => {
    const path = new URL(address, self.location).href;
    if (path === `${PYODIDE}pyodide.asm.wasm`) return new Response();
    if (path === `${PYODIDE}python_stdlib.zip`) return new Response(stdlib);
    return fetchFromNetwork(address, options);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module: wasm,
    instance: await WebAssembly.instantiate(wasm, imports),
  });
}

/** A lock held for as long as this worker lives, so that the page notices its death; its name, or null. */
async function holdLock() {
  if (!navigator.locks) return null; // not over plain http
  const name = `python-${crypto.randomUUID()}`;
  await new Promise((held) => navigator.locks.request(name, () => (held(), new Promise(() => {}))));
  return name;
}
