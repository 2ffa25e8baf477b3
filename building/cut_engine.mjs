// Leaves out of a WebAssembly module what is not reachable from some of its exports: node cut_engine.mjs MODULE TARGET
// The names of those exports come in on the standard input, as a JSON list; those of what the module still imports go
// out on the standard output, as another.

import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const [path, target] = process.argv.slice(2);
const wanted = new Set(JSON.parse(readFileSync(0, "utf8")));
const module = binaryen.readBinary(readFileSync(path));
const offered = Array.from(
  { length: module.getNumExports() },
  (_, i) => binaryen.getExportInfo(module.getExportByIndex(i)).name,
);
for (const name of offered) if (!wanted.delete(name)) module.removeExport(name);
if (wanted.size > 0) throw new Error(`The engine does not have ${[...wanted].join(", ")}.`);
module.runPasses(["remove-unused-module-elements"]);
const binary = module.emitBinary();
writeFileSync(target, binary);
const imports = WebAssembly.Module.imports(await WebAssembly.compile(binary));
console.log(JSON.stringify(imports.map(({ name }) => name)));
