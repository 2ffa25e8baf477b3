// Python's engine is most of what the page fetches, and the first thing that Python needs: so first.js asks for it
// before the page's own script is there, and it is compiled while it comes in.

const LEFT = "earlyEngine"; // in window: all that first.js and the page's own script have in common

/** Ask for the engine. address, integrity: as in assets.js; there is no address if the page carries it in itself. */
export function askEarly({ address, integrity }) {
  if (!address) return;
  const controller = new AbortController();
  const check = crypto.subtle ? {} : { integrity };
  const coming = fetch(address, { signal: controller.signal, ...check }).then((response) =>
    response.ok ? compileAsItComes(response) : { response },
  );
  window[LEFT] = { address, controller, coming: coming.catch(() => null) };
}

/**
 * What was asked for early, once, until the signal aborts it: { response, compiled }, as compileAsItComes() gives
 * them, or without `compiled` if the server refused. null if nothing came of it: then ask as if it had not been done.
 */
export async function takeEarly(address, signal) {
  const early = window[LEFT];
  if (early?.address !== address) return null;
  delete window[LEFT];
  signal.addEventListener("abort", () => early.controller.abort());
  return early.coming;
}

/** { response: what comes, to be read and checked, and compiled: a promise of what the browser makes of it }. */
export function compileAsItComes(response) {
  const copy = response.clone();
  const compiled = WebAssembly.compileStreaming(ofTheRightType(response));
  compiled.catch(() => {}); // looked at later: that the file is not right would be the better reason
  return { response: copy, compiled };
}

/** Browsers compile what comes as WebAssembly only. They may keep what they made of it, if it comes as they got it. */
function ofTheRightType(response) {
  const type = "application/wasm";
  if (response.headers.get("Content-Type") === type) return response;
  return new Response(response.body, { headers: { "Content-Type": type } });
}
