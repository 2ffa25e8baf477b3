// An edit in a Python of its own, beside the one in which the original runs, so that whatever it does can be ended.

import checks from "../../py/checks.py";
import { lastWords, told } from "../python/protocol.js";
import { silence } from "../python/silence.js";
import { TELLS_ERRORS } from "../python/tells_errors.js";
import { explain } from "./explain.js";
import { say } from "./say.js";

const SILENCE = 3000; // ms without an answer after which somebody may want to stop it
const STACK_IS_FULL = /Maximum call stack|too much recursion/; // so deep that the browser gave up before Python did
const TOO_DEEP = { cause: "recursion", values: {}, line: null, traceback: "", fixed: null };
const COMES_ALONG = { ...TELLS_ERRORS, "py/checks.py": checks };

/**
 * python: one that has not been started (see python/client.js). watch: { silent(whether), printed(what, method), ended(error) },
 * the last if it dies later than its start. Returns { start(text): a promise, call(method, …), stop() }. What start and call
 * reject with is an error whose message is a sentence, with what py/error_report.py told, or told: null.
 */
export function trial(python, watch) {
  const quiet = silence(SILENCE, watch.silent);
  let running = false;

  async function awaited(answer) {
    try {
      return await quiet.answered(answer);
    } catch (error) {
      throw error.name === "Ended" ? error : inWords(error);
    }
  }

  return {
    start(text) {
      python.listen(watch.printed);
      const ready = new Promise((resolve, reject) => {
        python.watch(({ phase, stage, message, error }) => {
          if (stage === "loading")
            awaited(ready).catch(() => {}); // from here on it is the person's own code
          else if (phase === "ready") {
            running = true;
            resolve();
          } else if (phase === "failed") {
            const why = error ? inWords(error) : Object.assign(new Error(message), { told: null });
            if (running) watch.ended(why);
            else reject(why);
          }
        });
      });
      python.start({ sources: { ...COMES_ALONG, "py/microgpt.py": text }, module: "edited" });
      return ready;
    },
    call: (...question) => awaited(python.call(...question)),
    stop() {
      running = false;
      python.stop();
      quiet.forget();
    },
  };
}

/** An error of Python's, in words for a person. */
function inWords(error) {
  const what = told(error) ?? (STACK_IS_FULL.test(error.message) ? TOO_DEEP : null);
  if (what) return asError(what);
  const sentence = say("python_ended", { why: lastWords(error.message).replace(/\.$/, "") });
  return Object.assign(new Error(sentence), { told: null });
}

/** told: see py/error_report.py. */
export function asError(told) {
  return Object.assign(new Error(String(explain(told))), { told });
}
