// The training worker: one more Python, with the code that is in use, so that a training step never holds up an answer.

import dataset from "../../py/dataset.py";
import layout from "../../py/layout.py";
import minibatch from "../../py/minibatch.py";
import oneStep from "../../py/one_step.py";
import decoding from "../../py/decoding.py";
import preparation from "../../py/preparation.py";
import takeover from "../../py/takeover.py";
import tape from "../../py/tape.py";
import toldTrainer from "../../py/told_trainer.py";
import traced from "../../py/traced.py";
import tracing from "../../py/tracing.py";
import trainer from "../../py/trainer.py";
import training from "../../py/training.py";
import replay from "replay.wasm"; // tape/replay.ts, put in by the build: its bytes
import { lastWords, told } from "../python/protocol.js";
import { silence } from "../python/silence.js";
import { TELLS_ERRORS } from "../python/tells_errors.js";
import { say } from "./say.js";

// ms without an answer after which somebody may want to stop it: an edit may be in a loop, the original is only slow.
const SILENCE = { edit: 3000, original: 15_000 };
const COMES_ALONG = {
  ...TELLS_ERRORS,
  "py/dataset.py": dataset,
  "py/layout.py": layout,
  "py/minibatch.py": minibatch,
  "py/one_step.py": oneStep,
  "py/decoding.py": decoding,
  "py/preparation.py": preparation,
  "py/takeover.py": takeover,
  "py/tape.py": tape,
  "py/told_trainer.py": toldTrainer,
  "py/traced.py": traced,
  "py/tracing.py": tracing,
  "py/trainer.py": trainer,
  "py/training.py": training,
};

/**
 * python: one that has not been started (see ../python/client.js). edit: the one in use, null for the original. watch:
 * { silent(whether), ended(error) }, the last if it dies. Returns { edit, call(method, …), stop() }, which can be called
 * at once; what call rejects with is an error whose message is a sentence.
 */
export function trainingWorker(python, edit, watch) {
  const quiet = silence(SILENCE[edit ? "edit" : "original"], watch.silent);
  let over = false;

  function inWords(error) {
    const what = told(error);
    if (error.name === "Ended") return error;
    if (what?.sentence) return new Error(what.sentence);
    return new Error(what && edit ? String(edit.explain(what)) : lastWords(error.message));
  }

  const ready = new Promise((resolve, reject) => {
    python.watch(({ phase, stage, error }) => {
      if (stage === "loading") quiet.answered(ready).catch(() => {}); // from here on it is the model's code that is waited for
      if (phase === "ready") resolve();
      if (phase !== "failed") return;
      const why = error ? inWords(error) : new Error(say("worker_ended"));
      reject(why);
      if (!over) watch.ended(why);
    });
  });
  ready.catch(() => {}); // whoever asks is told
  const code = edit ? { "py/microgpt.py": edit.text } : {};
  python.start({ sources: { ...COMES_ALONG, ...code }, module: "told_trainer", replay });

  return {
    edit,
    async call(...question) {
      try {
        await ready;
        return await quiet.answered(python.call(...question));
      } catch (error) {
        throw inWords(error);
      }
    },
    stop() {
      over = true;
      python.stop();
      quiet.forget();
    },
  };
}
