// Fetches what Python needs, once: kept for every later start.

import { say } from "../words/say.js";
import { embedded } from "./embedded.js";

const WORKER = "worker.js";
const WASM = "pyodide/pyodide.asm.wasm";
const STDLIB = "pyodide/python_stdlib.zip.gz";
const WEIGHTS = "weights/microgpt.json";
const EMPTY_MODULE = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]); // the smallest there is

/** Something the page needs could not be had; the message is for the person. */
export class AssetError extends Error {
  name = "AssetError";
}

/**
 * files: { path: { size, integrity } } of everything Python needs: bytes and digest as they were at build time.
 * Returns a function that fetches what is not there yet, and reports (bytes so far, bytes in all), until the signal
 * aborts it. It returns two promises, either of which may reject with an AssetError: { script, the address of the
 * worker's script, and message, { wasm, stdlib, sources, weights } for it (see protocol.js) }.
 */
export function makeFetcher(files) {
  const kept = new Map(); // path to its content, unpacked
  const received = new Map(); // path to bytes so far
  const total = Object.values(files).reduce((sum, { size }) => sum + size, 0);

  return function fetchAssets(report, signal) {
    const progress = (path, bytes) => {
      received.set(path, bytes);
      report([...received.values()].reduce((sum, n) => sum + n, 0), total);
    };
    const get = async (path, unpack) => {
      if (!kept.has(path)) {
        kept.set(path, await download(path, files[path], (bytes) => progress(path, bytes), unpack, signal));
      }
      return kept.get(path);
    };
    const sources = Object.keys(files).filter((path) => path.endsWith(".py"));
    const script = get(WORKER, (response) => scriptAddress(response));
    const message = Promise.all([
      get(WASM, (response) => compile(response)),
      get(STDLIB, (response) => gunzip(response)),
      get(WEIGHTS, (response) => response.text()),
      ...sources.map((path) => get(path, (response) => response.text())),
    ]).then(([wasm, stdlib, weights, ...texts]) => ({
      ...{ wasm, stdlib, weights },
      sources: Object.fromEntries(sources.map((path, i) => [path, texts[i]])),
    }));
    return { script, message };
  };
}

/** Fetch one file, counting and checking its bytes; unpack turns the response into what is wanted of it. */
async function download(path, { size, integrity }, count, unpack, signal) {
  let response;
  try {
    // Where we cannot check the digest as the bytes come in, fetch does, though it holds them back until it has.
    const check = crypto.subtle ? {} : { integrity };
    response = embedded(path) ?? (await fetch(path, { cache: "no-cache", signal, ...check }));
  } catch {
    throw new AssetError(say("asset_unreachable", { path }));
  }
  if (!response.ok) throw new AssetError(say("asset_missing", { path, status: response.status }));
  // A response of our own making has the right type, whatever the server said it was.
  const headers = { "Content-Type": path.endsWith(".wasm") ? "application/wasm" : "application/octet-stream" };
  const [counted, used] = response.body.tee(); // so that all is counted even if unpacking gives up early
  const unpacking = Promise.allSettled([unpack(new Response(used, { headers }))]);
  let bytes = 0;
  const chunks = [];
  const counter = new WritableStream({
    write(chunk) {
      bytes += chunk.length;
      chunks.push(chunk);
      count(bytes);
    },
  });
  await counted.pipeTo(counter).catch(() => {}); // broken off: then bytes are missing
  if (bytes !== size) throw new AssetError(say("asset_incomplete", { path, bytes, size }));
  if (crypto.subtle && (await digest(chunks)) !== integrity) throw new AssetError(say("asset_damaged", { path }));
  const [{ value, reason }] = await unpacking;
  if (reason) throw reason.name === "AssetError" ? reason : new AssetError(say("asset_unusable", { path, why: reason.message }));
  return value;
}

/** The digest of some bytes, as integrity attributes write it. */
async function digest(chunks) {
  const sha256 = await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer());
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(sha256)))}`;
}

async function compile(response) {
  try {
    await WebAssembly.compile(EMPTY_MODULE);
  } catch {
    throw new AssetError(say("no_webassembly")); // it is not there, or may not be used
  }
  return WebAssembly.compileStreaming(response);
}

/** Python gets its library unpacked, so that it need not unpack it itself, module by module, at every start. */
function gunzip(response) {
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** A Blob's address, which stays good for every later start. */
async function scriptAddress(response) {
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: "text/javascript" }));
}
