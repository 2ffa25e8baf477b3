// Runs a Python program in Pyodide, the Python of the page: node run.mjs PROGRAM REQUEST FOLDER LIBRARY ENGINE
// REQUEST is JSON, FOLDER the program's working directory, LIBRARY the zip file of the standard library, ENGINE
// the folder of Pyodide's own files: left alone, it guesses that from a stack trace, and stumbles over a "(" in a path.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadPyodide } from "pyodide";

const [program, request, folder, stdLibURL, indexURL] = process.argv.slice(2);
const env = {
  PYTHONHASHSEED: "0", // the same program does the same every time
  PYTHONNODEBUGRANGES: "1", // compiled code says lines, not columns: those would be a quarter of the library
};
const { info } = createRequire(import.meta.url)("pyodide/pyodide-lock.json");
const pyodide = await loadPyodide({ indexURL, stdLibURL, env, lockFileContents: { info, packages: {} } });
pyodide.mountNodeFS("/work", folder);
pyodide.FS.chdir("/work");
pyodide.globals.set("request", pyodide.toPy(JSON.parse(request)));
try {
  pyodide.runPython(readFileSync(program, "utf8"), { filename: program });
} catch (error) {
  if (error.type !== "SystemExit") console.log(error.message.trimEnd());
  process.exitCode = 1;
}
