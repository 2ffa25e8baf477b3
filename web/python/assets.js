// Fetches what Python needs, once: kept for every later start.

import { isKeptApart, isWebPage, lookInto, refusal, replaced } from "../refusal.js";
import * as words from "../words/en/messages.json";
import { fill } from "../words/fill.js";
import { carries, embedded } from "./embedded.js";

const WORKER = "worker.js";
const WASM = "pyodide/pyodide.asm.wasm";
const STDLIB = "pyodide/python_stdlib.bin";
const WEIGHTS = "weights/microgpt.json";
const EMPTY_MODULE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]; // the smallest there is

/** Something the page needs could not be had; the message is for the person. */
class AssetError extends Error {
  name = "AssetError";
}

/** One for which Retry is the way on, once somebody has seen to it. */
function untilSeenTo(sentence) {
  return new AssetError(`${sentence} ${words.then_retry}`);
}

/**
 * files: { path: { address, size, integrity } } of everything Python needs: bytes and digest as at build time.
 * Returns a function that fetches what is not there yet, and reports (bytes so far, bytes in all), until the signal
 * aborts it. It returns two promises, either of which may reject with an AssetError: { script, the address of the
 * worker's script, and message, { wasm, stdlib, sources, weights } for it (see protocol.js) }.
 */
export function makeFetcher(files) {
  const kept = new Map(); // path to its content
  const received = new Map(); // path to bytes so far
  const total = Object.values(files).reduce((sum, { size }) => sum + size, 0);
  let cache = "default"; // an address says what is in the file, so what the browser has kept of it will do

  return function fetchAssets(report, signal) {
    const options = { signal, cache };
    cache = "reload"; // unless that was wrong: what is still missing at the next start comes from the server
    const tell = () =>
      report(
        [...received.values()].reduce((sum, n) => sum + n, 0),
        total,
      );
    tell();
    const get = async (path, unpack) => {
      if (kept.has(path)) return kept.get(path);
      const count = (bytes) => {
        received.set(path, bytes);
        tell();
      };
      try {
        const response = await ask(path, files[path], options);
        if (!response.ok) throw untilSeenTo(refusal(path, response.status));
        kept.set(path, await unpack(response, (response) => read(response, path, files[path], count)));
        return kept.get(path);
      } catch (error) {
        throw error instanceof AssetError
          ? error
          : new AssetError(fill(words.asset_unusable, { path, why: error.message }));
      }
    };
    const sources = Object.keys(files).filter((path) => path.endsWith(".py"));
    const script = get(WORKER, scriptAddress);
    const message = Promise.all([
      get(WASM, compile),
      get(STDLIB, buffer),
      get(WEIGHTS, text),
      ...sources.map((path) => get(path, text)),
    ]).then(([wasm, stdlib, weights, ...texts]) => ({
      ...{ wasm, stdlib, weights },
      sources: Object.fromEntries(sources.map((path, i) => [path, texts[i]])),
    }));
    return { script, message };
  };
}

async function ask(path, file, options) {
  const { address, integrity } = file;
  const check = crypto.subtle ? {} : { integrity }; // where we cannot take it of what has come, fetch does
  try {
    return embedded(path) ?? (await fetch(address, { ...options, ...check }));
  } catch {
    if (await isKeptApart(address)) throw new AssetError(fill(words.kept_apart_asset, { path }));
    const why = await lookInto(path, address, options);
    if (!why && check.integrity) throw new AssetError(fill(words.asset_damaged, { path }));
    throw untilSeenTo(why ?? fill(words.asset_unreachable, { path }));
  }
}

/** Read a file to its end, counting and checking its bytes. Returns them as a Uint8Array. */
async function read(response, path, { size, integrity }, count) {
  const room = new Uint8Array(size);
  let bytes = 0;
  try {
    const reader = response.body.getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (bytes < room.length) room.set(value.subarray(0, room.length - bytes), bytes);
      bytes += value.length;
      count(Math.min(bytes, size));
    }
  } catch {
    // Broken off: then bytes are missing.
  }
  const content = room.subarray(0, bytes);
  const cutShort = bytes !== size;
  const damaged = cutShort || (crypto.subtle && (await digest(content)) !== integrity);
  if (damaged && carries(path)) throw new AssetError(fill(words.carried_damaged, { path }));
  if (damaged && isWebPage(content)) throw untilSeenTo(replaced(path));
  if (cutShort) throw new AssetError(fill(words.asset_incomplete, { path, bytes, size }));
  if (damaged) throw new AssetError(fill(words.asset_damaged, { path }));
  return content;
}

/** The digest of some bytes, as integrity attributes write it. */
async function digest(content) {
  const sha256 = await crypto.subtle.digest("SHA-256", content);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(sha256)))}`;
}

/** The engine is compiled while it comes in, and used if it turns out to be the right one. */
async function compile(response, read) {
  try {
    await WebAssembly.compile(new Uint8Array(EMPTY_MODULE));
  } catch {
    throw new AssetError(words.no_webassembly); // it is not there, or may not be used
  }
  const copy = response.clone();
  const compiled = WebAssembly.compileStreaming(ofTheRightType(response));
  compiled.catch(() => {}); // looked at later: that the file is not right would be the better reason
  await read(copy);
  return compiled;
}

/** Browsers compile what comes as WebAssembly only. They may keep what they made of it, if it comes as they got it. */
function ofTheRightType(response) {
  const type = "application/wasm";
  if (response.headers.get("Content-Type") === type) return response;
  return new Response(response.body, { headers: { "Content-Type": type } });
}

async function buffer(response, read) {
  return (await read(response)).buffer;
}

async function text(response, read) {
  return new TextDecoder().decode(await read(response));
}

/** A Blob's address, which stays good for every later start. */
async function scriptAddress(response, read) {
  return URL.createObjectURL(new Blob([await read(response)], { type: "text/javascript" }));
}
