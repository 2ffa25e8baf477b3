// An edit in a Python of its own, beside the one in which the original runs, so that whatever it does can be ended.

import checkedLesson from "../../py/checked_lesson.py";
import checks from "../../py/checks.py";
import edited from "../../py/edited.py";
import causes from "../../py/causes.py";
import characters from "../../py/characters.py";
import errorReport from "../../py/error_report.py";
import explained from "../../py/explained.py";
import pasted from "../../py/pasted.py";
import { waitFor } from "../patience.js";
import { lastWords, told } from "../python/protocol.js";
import { explain } from "./explain.js";
import { say } from "./say.js";

const SILENCE = 3000; // ms without an answer after which somebody may want to stop it
const STACK_IS_FULL = /Maximum call stack|too much recursion/; // so deep that the browser gave up before Python did
const TOO_DEEP = { cause: "recursion", values: {}, line: null, traceback: "", fixed: null };
const COMES_ALONG = {
  "py/edited.py": edited,
  "py/checked_lesson.py": checkedLesson,
  "py/checks.py": checks,
  "py/error_report.py": errorReport,
  "py/explained.py": explained,
  "py/causes.py": causes,
  "py/pasted.py": pasted,
  "py/characters.py": characters,
};

/**
 * python: one that has not been started (see python/client.js). watch: { silent(whether), printed(what, method), ended(error) },
 * the last if it dies later than its start. Returns { start(text): a promise, call(method, …), stop() }. What start and call
 * reject with is an error whose message is a sentence, with what py/error_report.py told, or told: null.
 */
export function trial(python, watch) {
  let waiting = 0; // calls not answered yet
  let stopWaiting = () => {};
  let running = false;

  function wait() {
    stopWaiting();
    watch.silent(false);
    stopWaiting = waiting ? waitFor(SILENCE, () => watch.silent(true)) : () => {};
  }

  async function awaited(answer) {
    waiting++;
    wait();
    try {
      return await answer;
    } catch (error) {
      throw error.name === "Ended" ? error : inWords(error);
    } finally {
      waiting--;
      wait();
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
      waiting = 0;
      wait();
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
