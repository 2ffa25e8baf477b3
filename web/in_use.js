// Whose model answers: the original's, which is always there, or the person's edit of it, while one runs.

/**
 * original: a Python (see python/client.js). Returns { call(method, …): asks whichever is in use, edit(): the edit in use or
 * null, await(whether): an edit is being started, use(edit, first), restore(), watch(watcher) }.
 *
 * An edit is { call, changed: lines, sha256: { path: digest } }; its call rejects with errors whose message is a sentence.
 * first: the question that it has answered, and its answer. watcher({ first }) is told of every change; first is null
 * where there is none.
 */
export function inUse(original) {
  let edit = null;
  let awaited = false;
  let watcher = () => {};

  function change(to, first) {
    edit = to;
    awaited = false;
    watcher({ first });
  }

  return {
    call: (...question) => (edit ?? original).call(...question),
    original: (...question) => original.call(...question),
    edit: () => edit,
    awaited: () => awaited,
    await(whether) {
      awaited = whether;
      watcher({ first: null });
    },
    use: (next, first) => change(next, first),
    restore: () => change(null, null),
    watch(listener) {
      watcher = listener;
    },
  };
}
