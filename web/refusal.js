// Why a file of the page is not to be had, in sentences: what happened, who can mend it, and how. What the
// person does then, pressing Retry or loading the page again, is for whoever says them to add.

import * as words from "./words/en/messages.json";
import { fill } from "./words/fill.js";

const BUSY = [429, 503];
const MISSING = [404, 410];

/** What it means that the server answered with this status. */
export function refusal(path, status) {
  return fill(sentenceFor(status), { path, status });
}

function sentenceFor(status) {
  if (MISSING.includes(status)) return words.asset_missing;
  if (BUSY.includes(status)) return words.asset_busy;
  return status >= 500 ? words.asset_server_failed : words.asset_refused;
}

/**
 * Why the file could not be had from its address, although the browser only says that it could not: ask once more, and
 * take whatever comes. type: what it has to be sent as, if that matters. null if nothing but its content can be wrong.
 */
export async function lookInto(path, address, { type = "", signal } = {}) {
  try {
    const response = await fetch(address, { cache: "reload", redirect: "manual", signal });
    if (response.type === "opaqueredirect") return replaced(path);
    if (!response.ok) return refusal(path, response.status);
    const sentAs = response.headers.get("Content-Type") ?? "";
    if (isWebPage(new Uint8Array(await response.arrayBuffer()))) return replaced(path);
    return sentAs.includes(type) ? null : fill(words.asset_type, { path, type: sentAs, right: `text/${type}` });
  } catch {
    return fill(words.asset_unreachable, { path });
  }
}

/** Something else came in place of the file. */
export function replaced(path) {
  return fill(words.asset_replaced, { path });
}

/** No file of the page but the page itself is one, and so whoever sends one has not sent the file. */
export function isWebPage(content) {
  const start = new TextDecoder().decode(content.subarray(0, 1000));
  return /^\s*<(!doctype html|!--|html|head|body|script|meta|title)/i.test(start);
}

/** Whether the browser keeps the page from its own files, which are there: in a folder, or in a frame without origin. */
export async function isKeptApart(address) {
  if (location.protocol === "file:") return true;
  if (self.origin !== "null") return false;
  return fetch(address, { mode: "no-cors" }).then(Boolean, () => false);
}
