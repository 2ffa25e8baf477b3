// Runs a Python program in Pyodide, the Python of the page: node run.mjs PROGRAM REQUEST FOLDER LIBRARY PYODIDE
// REQUEST is JSON, FOLDER the program's working directory, LIBRARY the zip file of the standard library, and PYODIDE
// the folder of its package: left alone, it would guess that from a stack trace, and stumble over a "(" in its path.

import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [program, request, folder, stdLibURL, indexURL] = process.argv.slice(2);
const env = {
  PYTHONHASHSEED: "0", // the same program does the same every time
  PYTHONNODEBUGRANGES: "1", // compiled code says lines, not columns: those would be a quarter of the library
};
const pyodide = await loadPyodide({ indexURL, stdLibURL, env });
pyodide.mountNodeFS("/work", folder);
pyodide.FS.chdir("/work");
pyodide.globals.set("request", pyodide.toPy(JSON.parse(request)));
try {
  pyodide.runPython(readFileSync(program, "utf8"), { filename: program });
} catch (error) {
  if (error.type !== "SystemExit") console.log(error.message.trimEnd());
  process.exitCode = 1;
}
