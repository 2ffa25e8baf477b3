// The page as one file carries its other files in itself, each gzipped, in base64 (see building/onefile.py).

/** Whether the page carries that file. */
export function carries(path) {
  return block(path) !== null;
}

/** That file of the page as a Response, or null if the page does not carry it. */
export function embedded(path) {
  if (!carries(path)) return null;
  const bytes = fromBase64(block(path).textContent);
  return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")));
}

function block(path) {
  return document.querySelector(`script[data-file="${path}"]`);
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(); // damaged, which whoever unpacks it will notice
  }
}
