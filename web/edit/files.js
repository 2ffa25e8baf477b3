// An edit as a file: saved to the person's own machine, and opened again from there.

import { download } from "../download.js";
import { megabytes } from "../words/numbers.js";
import { say } from "./say.js";

const MOST = 200_000; // bytes
const PYTHON = { name: "microgpt.py", type: "text/x-python" };

export const save = (text) => download(text, PYTHON);

/** The text of a file that a person chose. Rejects with a sentence if it is none that could be an edit. */
export async function read(file) {
  if (file.size > MOST) throw new Error(say("file_large", { name: file.name, size: megabytes(file.size) }));
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(say("file_no_text", { name: file.name }));
  }
  if (text.includes("\0")) throw new Error(say("file_no_text", { name: file.name }));
  return text.replace(/\r\n?/g, "\n");
}
