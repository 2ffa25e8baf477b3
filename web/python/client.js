// The page's side of Python: one worker, started, asked, watched, and replaced when it fails.

import { waitFor } from "../patience.js";
import * as words from "../words/en/messages.json";
import { fill } from "../words/fill.js";
import { fromPlain, lastWords } from "./protocol.js";

// How long nothing at all may happen before we stop waiting, in ms. A slow phone is slow; silence is not slowness.
const PATIENCE = { fetching: 30_000, starting: 60_000, answering: 20_000 };

export class Python {
  #makeWorker;
  #fetchAssets;
  #watcher = () => {};
  #listener = () => {};
  #report = null; // the last
  #fetching = new AbortController();
  #worker = null;
  #calls = new Map(); // id to the { resolve, reject } of a call not answered yet
  #lastId = 0;
  #stopWaiting = () => {}; // while we wait for the worker to become ready, or to answer
  #start = 0; // counts the starts, so that what belongs to an earlier one is not mistaken for this one's

  /** makeWorker: (address of its script) => Worker. fetchAssets: see assets.js. */
  constructor({ makeWorker, fetchAssets }) {
    this.#makeWorker = makeWorker;
    this.#fetchAssets = fetchAssets;
  }

  /**
   * watcher({ phase: "loading" | "ready" | "failed", ... }) is told how things are, now and after every change: while
   * loading, also { stage: "fetching" | "starting" | "loading", bytes, total }; when failed, { message, error: what Python
   * raised, if it was that }.
   */
  watch(watcher) {
    this.#watcher = watcher;
    if (this.#report) watcher(this.#report);
  }

  /** listener(printed, method) is told what Python prints (see printed.js), and in which call: null while it starts. */
  listen(listener) {
    this.#listener = listener;
  }

  /** One more of its kind, which needs nothing that this one has not fetched. */
  another() {
    return new Python({ makeWorker: this.#makeWorker, fetchAssets: this.#fetchAssets });
  }

  /**
   * Start, or start again: a worker that is there already is ended first. changed: { sources, module } for it in the place
   * of what was fetched, where there are any (see protocol.js).
   */
  async start(changed = {}) {
    this.stop();
    const start = ++this.#start;
    const current = () => start === this.#start;
    this.#fetching.abort(); // what has not come by now is asked for again
    this.#fetching = new AbortController();
    try {
      const progress = (bytes, total) => {
        if (current()) this.#stage({ stage: "fetching", bytes, total }, PATIENCE.fetching);
      };
      const { script, message } = this.#fetchAssets(progress, this.#fetching.signal);
      message.catch(() => {}); // looked at below, when the worker is there to read its script in the meantime
      const address = await script;
      if (!current()) return;
      this.#worker = this.#makeWorker(address);
      this.#worker.onmessage = ({ data }) => current() && this.#hear(data);
      this.#worker.onmessageerror = () => current() && this.#fail(words.worker_died);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        if (current()) this.#fail(words.worker_died);
      };
      const assets = await message;
      if (!current()) return;
      this.#stage({ stage: "starting" }, PATIENCE.starting);
      const sources = { ...assets.sources, ...changed.sources };
      this.#worker.postMessage({ type: "start", ...assets, module: "lesson", ...changed, sources });
    } catch (error) {
      if (current()) this.#fail(error.name === "AssetError" ? error.message : words.worker_refused);
    }
  }

  /** End the worker. Whatever it was asked is not answered any more. */
  stop() {
    this.#end(words.stopped);
    this.#report = null;
  }

  /** Call a method of py/lesson.py's Lesson; resolves to what it returns. Rejects if the worker ends first. */
  call(method, ...args) {
    return new Promise((resolve, reject) => {
      if (this.#report?.phase !== "ready") return reject(ended(words.not_ready));
      const id = ++this.#lastId;
      if (this.#calls.size === 0) this.#waitForAnswer();
      this.#calls.set(id, { resolve, reject, method });
      this.#worker.postMessage({ type: "call", id, method, args });
    });
  }

  #hear(message) {
    if (!message) return; // code that somebody has edited may post anything
    if (message.type === "alive") this.#watchForDeath(message.lock);
    else if (message.type === "stage") this.#stage({ stage: message.stage }, PATIENCE.starting);
    else if (message.type === "printed") this.#listener(message.text, this.#calls.get(message.id)?.method ?? null);
    else if (message.type === "failed") {
      this.#fail(fill(words.python_failed, { why: lastWords(message.error.message) }), fromPlain(message.error));
    } else if (message.type === "ready") {
      this.#stopWaiting();
      this.#tell({ phase: "ready" });
    } else if (this.#calls.has(message.id)) {
      const { resolve, reject } = this.#calls.get(message.id);
      this.#calls.delete(message.id);
      this.#stopWaiting();
      if (this.#calls.size > 0) this.#waitForAnswer();
      if (message.type === "answer") resolve(message.value);
      else reject(fromPlain(message.error));
    }
  }

  #stage(stage, patience) {
    this.#stopWaiting();
    this.#stopWaiting = waitFor(patience, () => this.#fail(words.boot_silent));
    this.#tell({ phase: "loading", ...stage });
  }

  /** For the next one, whatever has been asked since. */
  #waitForAnswer() {
    this.#stopWaiting = waitFor(PATIENCE.answering, () => this.#fail(words.no_answer));
  }

  /** A dead worker says nothing. It holds this lock while it lives, so whoever is given the lock knows. */
  #watchForDeath(lock) {
    const start = this.#start;
    navigator.locks.request(lock, () => start === this.#start && this.#fail(words.worker_died));
  }

  #fail(message, error = null) {
    this.#end(message);
    this.#tell({ phase: "failed", message, error });
  }

  #tell(report) {
    this.#report = report;
    this.#watcher(report);
  }

  /** End the worker; a call to it would never settle by itself, so all are rejected. */
  #end(why) {
    this.#start++;
    this.#stopWaiting();
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#calls.values()) reject(ended(why));
    this.#calls.clear();
  }
}

/** Why a call was not answered: there is no Python to answer it. */
function ended(why) {
  return Object.assign(new Error(why), { name: "Ended" });
}
