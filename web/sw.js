// The offline copy: all that the page needs, kept after the first visit, so that the next one needs no network.
//
// A copy holds the files of one build, each checked against its digest, and there is either a whole copy or none.
// A newer build fills a copy of its own beside it, and takes over when no page of the older one is open any more, or
// when the only one that is asks for it. So no page is ever made of two builds.
//
// The build puts in FILES, { name: { address, sha256 } }, the page itself at "", and VERSION, another one for other
// files.

const SCOPE = registration.scope;
const COPIES = `trenchcoat ${SCOPE} `; // there may be other sites at this origin, even another one of these
const COPY = COPIES + VERSION;
const ENGINE = "pyodide/pyodide.asm.wasm";

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
addEventListener("fetch", (event) => {
  const name = nameOf(event.request.url);
  if (Object.hasOwn(FILES, name)) event.respondWith(answer(event.request, name));
});

addEventListener("message", ({ data, ports: [port] }) => {
  if (data === "take over") takeOver().then((may) => port.postMessage(may));
});

/** The name in FILES of what is at an address, if it is there at all. */
function nameOf(address) {
  const path = address.replace(/[?#].*/, "");
  const name = path.startsWith(SCOPE) ? path.slice(SCOPE.length) : null;
  return name === "index.html" ? "" : name;
}

async function fill() {
  const copy = await caches.open(COPY);
  try {
    await Promise.all(Object.keys(FILES).map(async (name) => copy.put(SCOPE + name, await genuine(name))));
  } catch (error) {
    await caches.delete(COPY);
    throw error; // then this build is not installed, and the next visit tries again
  }
}

/** The file of this build. The page has just fetched it, so mostly the browser has it, or else the server. */
async function genuine(name) {
  for (const cache of ["default", "reload"]) {
    const response = await fetch(SCOPE + FILES[name].address, { cache });
    const usable = response.ok && response.type === "basic" && !response.redirected;
    if (usable && (await sha256(response.clone())) === FILES[name].sha256) return response;
  }
  throw new Error(`${name} is not of this build`);
}

async function sha256(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forgetOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith(COPIES) && name !== COPY) await caches.delete(name);
  }
}

/** Replace the older build, unless there are pages of it beside the one that asks. Returns whether it was done. */
async function takeOver() {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const may = open.filter(({ url }) => nameOf(url) === "").length === 1;
  if (may) await skipWaiting();
  return may;
}

async function answer(request, name) {
  const compiled = await asCompiled(request, name);
  if (compiled) return compiled;
  const kept = await caches.match(SCOPE + name, { cacheName: COPY, ignoreVary: true }).catch(() => undefined);
  if (kept) return kept;
  // Somebody emptied the copy. Half a copy is none: forget it, and let the next visit begin anew.
  await Promise.allSettled([caches.delete(COPY), registration.unregister()]);
  return fetch(request);
}

/**
 * The engine, if the browser itself still has it, too: with that come the results of having compiled it, which halve the
 * start of Python, and what comes out of a copy is compiled anew the first time. The page looks at what it is.
 */
async function asCompiled(request, name) {
  if (name !== ENGINE || request.cache === "reload") return null; // what the browser has was wrong
  const response = await fetch(request.url, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
  return response?.ok ? response : null;
}
