// Compiles a file of AssemblyScript: node compile_replay.mjs SOURCE TARGET OPTIONS…
// The compiler is told of no path: in the project's own there may be signs that would mean something to it.

import { readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const [source, target, ...options] = process.argv.slice(2);
const { error } = await asc.main(["replay.ts", "--outFile=replay.wasm", ...options], {
  readFile: (name) => (name === "replay.ts" ? readFileSync(source, "utf8") : null),
  writeFile: (_, content) => writeFileSync(target, content),
  listFiles: () => [],
  stdout: process.stdout,
  stderr: process.stdout, // what is wrong in it
});
if (error) process.exitCode = 1;
