// The training worker: one more Python, with the code that is in use, so that a training step never holds up an answer.

import causes from "../../py/causes.py";
import characters from "../../py/characters.py";
import checkedLesson from "../../py/checked_lesson.py";
import dataset from "../../py/dataset.py";
import edited from "../../py/edited.py";
import errorReport from "../../py/error_report.py";
import explained from "../../py/explained.py";
import minibatch from "../../py/minibatch.py";
import oneStep from "../../py/one_step.py";
import pasted from "../../py/pasted.py";
import decoding from "../../py/decoding.py";
import preparation from "../../py/preparation.py";
import toldTrainer from "../../py/told_trainer.py";
import trainer from "../../py/trainer.py";
import training from "../../py/training.py";
import { waitFor } from "../patience.js";
import { lastWords, told } from "../python/protocol.js";
import { say } from "./say.js";

// ms without an answer after which somebody may want to stop it: an edit may be in a loop, the original is only slow.
const SILENCE = { edit: 3000, original: 15_000 };
const COMES_ALONG = {
  "py/causes.py": causes,
  "py/characters.py": characters,
  "py/checked_lesson.py": checkedLesson,
  "py/dataset.py": dataset,
  "py/edited.py": edited,
  "py/error_report.py": errorReport,
  "py/explained.py": explained,
  "py/minibatch.py": minibatch,
  "py/one_step.py": oneStep,
  "py/pasted.py": pasted,
  "py/decoding.py": decoding,
  "py/preparation.py": preparation,
  "py/told_trainer.py": toldTrainer,
  "py/trainer.py": trainer,
  "py/training.py": training,
};

/**
 * python: one that has not been started (see ../python/client.js). edit: the one in use, null for the original. watch:
 * { silent(whether), ended(error) }, the last if it dies. Returns { edit, call(method, …), stop() }, which can be called
 * at once; what call rejects with is an error whose message is a sentence.
 */
export function trainingWorker(python, edit, watch) {
  let waiting = 0; // calls not answered yet
  let stopWaiting = () => {};
  let runs = false; // whether it is the model's code that is waited for, and not Python itself
  let over = false;

  function wait() {
    stopWaiting();
    watch.silent(false);
    const most = SILENCE[edit ? "edit" : "original"];
    stopWaiting = waiting && runs && !over ? waitFor(most, () => watch.silent(true)) : () => {};
  }

  function inWords(error) {
    const what = told(error);
    if (error.name === "Ended") return error;
    if (what?.sentence) return new Error(what.sentence);
    return new Error(what && edit ? String(edit.explain(what)) : lastWords(error.message));
  }

  const ready = new Promise((resolve, reject) => {
    python.watch(({ phase, stage, error }) => {
      if (stage === "loading" || phase === "ready") {
        runs = true;
        wait();
      }
      if (phase === "ready") resolve();
      if (phase !== "failed") return;
      const why = error ? inWords(error) : new Error(say("worker_ended"));
      reject(why);
      if (!over) watch.ended(why);
    });
  });
  ready.catch(() => {}); // whoever asks is told
  const code = edit ? { "py/microgpt.py": edit.text } : {};
  python.start({ sources: { ...COMES_ALONG, ...code }, module: "told_trainer" });

  return {
    edit,
    async call(...question) {
      waiting++;
      wait();
      try {
        await ready;
        return await python.call(...question);
      } catch (error) {
        throw inWords(error);
      } finally {
        waiting--;
        wait();
      }
    },
    stop() {
      over = true;
      python.stop();
      stopWaiting();
      watch.silent(false);
    },
  };
}
