// Whose model answers: the original's code, which is always there, or the person's edit of it, while one runs; and with
// which weights, those that came with the page or others, learned here or opened from a file.

import { lastWords } from "./python/protocol.js";

/**
 * original: a Python (see python/client.js). vocabulary: of the weights that came with the page. weights: others to begin
 * with, or null. Returns { call(method, …): asks whichever is in use, by(): what that is, { edit, weights }, another object
 * after every change, edit(), weights(): those in use, null for what came with the page, vocabulary(): of the weights in
 * use, refused(): why others were left, await(whether): an edit is being started, use(edit, first), restore(),
 * learn(weights), watch(watcher) } and more, below.
 *
 * An edit is { call, quietly: the same where the person need not be told of its errors, changed: lines, sha256: { path:
 * digest }, text, explain(what py/error_report.py told) }; it rejects with errors whose message is a sentence.
 * Weights are { text: of their file, vocabulary, and what is said of them: see views/whose.js }.
 * first: the question that an edit has answered, and its answer. watcher({ first }) is told of every change; first is null
 * where there is none.
 */
export function inUse(original, { vocabulary, weights = null }) {
  let by = { edit: null, weights };
  let awaited = false;
  let refused = "";
  let watcher = () => {};
  const given = new WeakMap(); // who answers, to what it was handed last: { weights, taken: a promise that it has them }

  function change(patch, first = null) {
    by = { ...by, ...patch };
    watcher({ first });
  }

  const answering = () => by.edit ?? original;
  const quietly = (who, ...question) => (who.quietly ? who.quietly(...question) : who.call(...question));

  /** Ask somebody with the weights in use. It hears in order, so it has them by then. */
  function ask(who, method, ...args) {
    if (!by.weights) return who.call(method, ...args);
    hand(who);
    return who.call("by_learned", method, args);
  }

  /** Let somebody have the weights in use. Returns a promise that it has taken them. */
  function hand(who) {
    const { weights } = by;
    const last = given.get(who);
    if (last?.weights === weights) return last.taken;
    const taken = quietly(who, "learn", weights.text);
    given.set(who, { weights, taken });
    taken.catch((error) => {
      if (given.get(who)?.weights === weights) given.delete(who);
      if (error.name !== "Ended" && who === answering()) leave(weights, error);
    });
    return taken;
  }

  /** These weights are for another model: its own are there again. */
  function leave(weights, error) {
    if (by.weights !== weights) return;
    refused = lastWords(error.message);
    change({ weights: null });
  }

  return {
    call: (...question) => ask(answering(), ...question),
    /** The original with its own weights, whatever is in use. */
    original: (...question) => original.call(...question),
    by: () => by,
    edit: () => by.edit,
    weights: () => by.weights,
    vocabulary: () => by.weights?.vocabulary ?? vocabulary,
    refused: () => refused,
    awaited: () => awaited,
    await(whether) {
      awaited = whether;
      watcher({ first: null });
    },
    /** How to ask an edit that is being tried: with the weights in use if they fit it, if not, with its own. */
    async trying(who) {
      const { weights } = by;
      try {
        if (weights) await hand(who);
      } catch (error) {
        if (error.name === "Ended") throw error;
        leave(weights, error);
      }
      return (...question) => ask(who, ...question);
    },
    use(edit, first) {
      awaited = false;
      change({ edit }, first);
    },
    restore() {
      awaited = false;
      change({ edit: null });
    },
    /** Use these weights, or with null, those that came with the page. Resolves when whoever answers has taken them. */
    async learn(weights) {
      refused = "";
      change({ weights });
      if (weights) await hand(answering());
    },
    /** What a file of weights says, { vocabulary, training }; rejects if it is none that fits. Uses nothing of it. */
    read(text) {
      given.delete(answering());
      return quietly(answering(), "learn", text);
    },
    /** The original begins anew, and knows nothing of what it was handed. */
    startsAnew: () => given.delete(original),
    watch(listener) {
      watcher = listener;
    },
  };
}
