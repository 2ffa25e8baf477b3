// The lists that the page brings, each fetched when somebody chooses it.

import { embedded } from "../python/embedded.js";
import { lookInto } from "../refusal.js";
import { say } from "./data_words.js";

/** [{ id, count, address, integrity }, …], the last two not where the page carries them in itself. */
export const LISTS = JSON.parse(document.getElementById("build").textContent).lists;

const kept = new Map(); // id to its text

/** The text of a list. Rejects with a sentence. */
export async function listText(id) {
  if (!kept.has(id)) kept.set(id, await fetchList(LISTS.find((list) => list.id === id)));
  return kept.get(id);
}

async function fetchList({ id, address, integrity }) {
  const path = `lists/${id}.txt`;
  try {
    const response = embedded(path) ?? (await fetch(address, { integrity }));
    if (!response.ok) throw new Error(response.status);
    return await response.text();
  } catch {
    throw new Error((address && (await lookInto(path, address))) || say("list_unusable"));
  }
}
