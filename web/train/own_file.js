// A file of the person's own, as it is: what its bytes mean is for Python to say.

import { megabytes } from "../words/numbers.js";
import { say } from "./data_words.js";

const MOST = 1_000_000; // bytes: py/preparation.py takes no more

/** { base64 } of a file. Rejects with a sentence. */
export async function fileBytes(file) {
  const { name, size } = file;
  if (size > MOST) throw new Error(say("file_large", { name, size: inMegabytes(size), most: inMegabytes(MOST) }));
  const reader = new FileReader();
  const address = await new Promise((resolve, reject) => {
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(say("file_unreadable", { name })));
    reader.readAsDataURL(file);
  });
  return { base64: address.slice(address.indexOf(",") + 1) };
}

export const inMegabytes = (bytes) => Number(megabytes(bytes));
