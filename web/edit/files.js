// An edit as a file: saved to the person's own machine, and opened again from there.

import { say } from "./say.js";

const MOST = 200_000; // bytes
const NAME = "microgpt.py";

export function download(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
  Object.assign(document.createElement("a"), { href: address, download: NAME }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The text of a file that a person chose. Rejects with a sentence if it is none that could be an edit. */
export async function read(file) {
  if (file.size > MOST) throw new Error(say("file_large", { name: file.name, size: inMegabytes(file.size) }));
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(say("file_no_text", { name: file.name }));
  }
  if (text.includes("\0")) throw new Error(say("file_no_text", { name: file.name }));
  return text.replace(/\r\n?/g, "\n");
}

const inMegabytes = (bytes) => (bytes / 1e6).toFixed(1);
