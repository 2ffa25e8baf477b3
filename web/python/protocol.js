// What the page and the worker say to each other.
//
//   page to worker    { type: "start", wasm, stdlib, sources, weights, module, replay }
//                                                                         a WebAssembly.Module, bytes, texts by path, a text,
//                                                                         the module whose start(weights) gives the lesson;
//                                                                         and where it trains, the bytes of tape/replay.ts,
//                                                                         compiled
//                     { type: "call", id, method, args }                  a method of py/lesson.py's Lesson
//   worker to page    { type: "alive", lock }                             the name of a lock that it holds while it lives
//                     { type: "stage", stage }                            "starting" | "loading"
//                     { type: "ready" }                                   once: from now on it answers
//                     { type: "printed", id, text }                       during that call, or null: while it started; see
//                                                                         printed.js
//                     { type: "failed", error }                           it will not become ready
//                     { type: "answer", id, value }                       one of these two for each call
//                     { type: "error", id, error }
//
// An error crosses as { name, message, stack }. What an edited file did wrong is told in the last line of the message, as
// JSON (see py/edited.py).

export function toPlain(error) {
  return { name: String(error?.name), message: String(error?.message ?? error), stack: String(error?.stack) };
}

export function fromPlain({ name, message, stack }) {
  return Object.assign(new Error(message), { name, stack });
}

/** What py/edited.py tells of an error, or null. */
export function told(error) {
  const [, json] = /^edited\.Trouble: (\{.*\})$/m.exec(error?.message) ?? [];
  return json ? JSON.parse(json) : null;
}

/** The end of a Python traceback says what happened: "ValueError: These are not weights." without the first word. */
export function lastWords(message) {
  return message
    .trim()
    .split("\n")
    .at(-1)
    .replace(/^\w+: /, "");
}
