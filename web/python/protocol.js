// What the page and the worker say to each other.
//
//   page to worker    { type: "start", wasm, stdlib, sources, weights }   a WebAssembly.Module, bytes, texts by path, a text
//                     { type: "call", id, method, args }                  a method of py/lesson.py's Lesson
//   worker to page    { type: "alive", lock }                             the name of a lock that it holds while it lives
//                     { type: "stage", stage }                            "starting" | "loading"
//                     { type: "ready" }                                   once: from now on it answers
//                     { type: "failed", error }                           it will not become ready
//                     { type: "answer", id, value }                       one of these two for each call
//                     { type: "error", id, error }
//
// An error crosses as { name, message, stack }.

export function toPlain(error) {
  return { name: String(error?.name), message: String(error?.message ?? error), stack: String(error?.stack) };
}

export function fromPlain({ name, message, stack }) {
  return Object.assign(new Error(message), { name, stack });
}

/** The end of a Python traceback says what happened: "ValueError: These are not weights." without the first word. */
export function lastWords(message) {
  return message
    .trim()
    .split("\n")
    .at(-1)
    .replace(/^\w+: /, "");
}
