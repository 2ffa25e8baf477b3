// A training run: what Python has told of it so far, and the worker in which it goes on. The page asks for a slice of it
// at a time, so that pausing is not to ask again; and every so often for the weights, which the sandbox then shows.

import { changedLines } from "../views/whose.js";
import { keepRun, keepWeights, keptRun } from "./kept.js";
import { say } from "./say.js";
import { trainingWorker } from "./trainer.js";

const SLICE = 80; // ms of steps between two answers
const SHOWN = 300; // ms between two times that the sandbox is handed the weights of now
const FIRST = 500; // ms after something the person did in which their question goes before the weights of now
const KEPT = 5000; // ms between two times that the run is kept
const PATIENCE = 5000; // ms that is waited for a slice to end
const SPEED = 20; // slices that the speed is measured over
const SLOWLY = 400; // ms from one step to the next where each is to be watched

/**
 * python: the original's, for another of its kind. model: see ../in_use.js. changed(): called whenever something else is to
 * be shown. Returns the run's facts (look at them, do not change them) and what can be done with it, below.
 */
export function trainingRun({ python, model, changed }) {
  const run = {
    standing: null, // what py/trainer.py's standing() says of it, null before there is one
    events: [], // of the steps so far, thinned out where they are many
    moments: [], // those that were kept
    speed: null, // steps a second
    engine: null, // which one makes the steps, as py/takeover.py tells it
    slowly: false, // whether each step is to be watched
    phase: "none", // "starting", "training", "paused", "done"; or "none", when nothing has begun
    said: "", // a sentence on what happened
    silent: false, // whether the worker has not answered for a while
    isKept: true, // whether this browser keeps it
    looked: null, // the moment that is looked at, null for now
  };
  let worker = null;
  let holds = null; // the standing that the worker knows of: another one has to be taken up there first
  let pulling = null; // a promise that the slices asked for are done
  let goes = false; // whether to ask for more
  let last = null; // the run as it was kept last: { text, weights, step, … }
  let handed = null; // the weights that the sandbox was handed last
  let weights = new Map(); // of a kept step, to the text of their file
  let slices = []; // the latest: [steps, ms]
  let before = null; // what the sandbox showed before a moment was looked at: other weights, or null for this run's
  let wake = () => {}; // ends the wait between two slow steps
  let acted = 0; // when the person did something that whoever answers is asked about

  // ---- The worker

  function ready() {
    if (worker && worker.edit !== model.edit()) end();
    worker ??= trainingWorker(python.another(), model.edit(), {
      silent(whether) {
        run.silent = whether && run.phase !== "none";
        changed();
      },
      ended: (error) => fall(error),
    });
    return worker;
  }

  function end() {
    worker?.stop();
    worker = holds = null;
    run.silent = false;
  }

  /** A worker that has the run as it was kept last. */
  async function withRun() {
    const mine = ready();
    if (holds !== run.standing) {
      await takeUp(mine, last);
      if (mine !== worker) throw ended();
      holds = run.standing;
    }
    return mine;
  }

  /** What a worker says of a run that was kept. Under another code than its own it may be the run of another model. */
  async function takeUp(mine, { text, changed: lines }) {
    try {
      return await mine.call("take_up", text);
    } catch (error) {
      if (error.name === "Ended" || lines === (mine.edit?.changed ?? 0)) throw error;
      throw new Error(say(lines ? "of_an_edit" : "of_the_original", { lines: changedLines(lines) }));
    }
  }

  /** The worker died: what was kept last is there again. */
  function fall(error) {
    end();
    goes = false;
    if (!last) {
      run.phase = "none";
      run.said = error.message;
      return changed();
    }
    if (run.phase === "none") return;
    backTo(last);
    run.said = say("died", { why: error.message, step: last.step.toLocaleString("en") });
    changed();
  }

  function backTo({ step, weights, done }) {
    run.events = run.events.filter((event) => event.step <= step);
    run.moments = run.moments.filter((moment) => moment.step <= step);
    run.phase = done ? "done" : "paused";
    run.looked = null;
    if (isShown()) show(weights, step);
  }

  // ---- What it tells

  function take(standing) {
    const { events, kept, engine } = standing;
    Object.assign(run, { standing, events, moments: kept, engine, looked: null, speed: null });
    run.phase = standing.done ? "done" : "paused";
    run.said = endedSentence(standing.ended, model.edit());
    holds = standing;
    slices = [];
  }

  const step = () => run.events.at(-1)?.step ?? 0;

  /** Let the sandbox have weights of this run. */
  function show(text, at, { learning = false, moment = false } = {}) {
    const { vocabulary, examples, about } = run.standing;
    handed = { text, vocabulary, examples, name: about.name, step: at, learning, moment };
    return model.learn(handed).catch(() => {}); // that they do not fit, the sandbox says
  }

  /** Whether the sandbox still shows what it was handed, or somebody has chosen other weights. */
  const isShown = () => handed !== null && model.weights() === handed;

  // ---- It goes on

  async function pull(count) {
    let left = count;
    let shown = performance.now();
    let kept = shown;
    let taken = Promise.resolve(); // that the sandbox has the weights it was handed last
    let free = true;
    try {
      const mine = await withRun();
      if (!isShown()) handed = null;
      while (goes && left > 0) {
        const answer = await mine.call("train", run.slowly ? 1 : left, SLICE);
        if (mine !== worker) return;
        left -= answer.steps;
        hear(answer);
        if (answer.done) goes = false;
        const now = performance.now();
        const due = now - shown > SHOWN && now - acted > FIRST;
        if (free && due && run.looked === null && (handed === null || isShown()) && goes) {
          shown = now;
          free = false;
          const at = step();
          taken = mine.call("weights").then((text) => run.looked === null && show(text, at, { learning: true }));
          taken
            .catch(() => {})
            .then(() => {
              free = true;
            });
        }
        if (goes && now - kept > KEPT) {
          kept = now;
          await keep(mine);
        }
        changed();
        if (run.slowly && goes && left > 0) await aWhile();
      }
      goes = false;
      await taken.catch(() => {});
      await rest(mine);
    } catch (error) {
      if (error.name === "Ended") return; // whoever ended it says why
      goes = false;
      run.phase = run.standing?.done ? "done" : "paused";
      run.said = error.message;
      changed();
    }
  }

  /** The time to look at a step. */
  function aWhile() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, SLOWLY);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function watched(parameter) {
    try {
      const mine = await withRun();
      const answer = await mine.call("watch_step", parameter);
      if (mine !== worker) throw ended();
      hear(answer);
      await rest(mine);
      return answer;
    } catch (error) {
      if (error.name !== "Ended") run.phase = "paused";
      changed();
      throw error;
    }
  }

  function hear({ events, stride, steps: made, kept, ms, engine, ended: how }) {
    run.moments.push(...kept);
    run.events = thinned([...run.events, ...events], stride, run.moments);
    if (engine.name !== run.engine.name) slices = [];
    run.engine = engine;
    if (made > 0) slices = [...slices, [made, ms]].slice(-SPEED);
    const [steps, time] = [0, 1].map((i) => slices.reduce((sum, slice) => sum + slice[i], 0));
    run.speed = time > 0 ? (1000 * steps) / time : null;
    for (const moment of kept) moment.speed = run.speed;
    if (!how) return;
    run.events = run.events.filter((event) => event.step <= how.back_to);
    run.moments = run.moments.filter((moment) => moment.step <= how.back_to);
    run.said = endedSentence(how, worker.edit);
  }

  /** It stands still: keep where, and show it. */
  async function rest(mine) {
    const moment = await mine.call("keep");
    if (!run.moments.some((each) => each.step === moment.step)) run.moments.push({ ...moment, speed: run.speed });
    run.phase = step() >= run.standing.settings.steps ? "done" : "paused";
    await keep(mine);
    if (mine !== worker) return;
    if (run.looked === null && (handed === null || isShown())) show(last.weights, last.step);
    keepShown();
    changed();
  }

  /** Keep the run in this browser, and here, in case the worker dies. */
  async function keep(mine) {
    const at = step();
    const [text, file] = [await mine.call("put_away"), await mine.call("weights")];
    if (mine !== worker) return;
    const done = at >= run.standing.settings.steps;
    last = { text, weights: file, step: at, done, changed: mine.edit?.changed ?? 0 };
    run.isKept = await keepRun(last);
  }

  /** What the sandbox shows is there again after a reload. */
  function keepShown() {
    if (isShown() && !handed.learning) keepWeights(handed);
  }

  async function settle() {
    goes = false;
    wake();
    await pulling;
  }

  /** The same, for as long as one may wait for a step. */
  function settled() {
    return Promise.race([settle(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  }

  /** Do something with a run at rest, and say what went wrong. Returns whether it went well. */
  async function attempt(work) {
    run.said = "";
    try {
      await work();
      return true;
    } catch (error) {
      if (error.name !== "Ended") run.said = error.message;
      if (run.phase === "starting") run.phase = run.standing ? "paused" : "none";
      return false;
    } finally {
      changed();
    }
  }

  return {
    facts: run,
    step,
    /** Whether the sandbox shows it: until it is handed something, it is about to. */
    isShown: () => isShown() || (handed === null && run.phase === "training"),
    /** The person has asked something: let it be answered before other weights are handed over. */
    letAnswer() {
      acted = performance.now();
    },
    isRunning: () => worker !== null && run.phase !== "none",
    /** Let the sandbox show it, if it shows other weights. */
    showNow() {
      run.looked = null;
      show(last.weights, last.step).then(keepShown);
    },
    /** Ask the training worker something that is not about this run. */
    ask: (...question) => ready().call(...question),

    /** Begin a run. data(): { texts, about }, or a promise. from: the text of the weights' file, null for random ones. */
    begin(data, settings, from) {
      return attempt(async () => {
        run.phase = "starting";
        changed();
        const mine = ready();
        const { texts, about } = await data();
        take(await mine.call("begin", texts, settings, from, about));
        weights = new Map();
        await keep(mine);
        await show(last.weights, 0);
        keepShown();
      });
    },

    /** Take up the run that this browser has kept. */
    takeUp() {
      return attempt(async () => {
        const kept = await keptRun();
        if (!kept || run.phase !== "none") return;
        run.phase = "starting";
        changed();
        take(await takeUp(ready(), kept));
        last = kept;
        if (model.weights()?.text === kept.weights) handed = model.weights();
        if (kept.changed && !model.edit()) run.said = say("was_edit", { lines: changedLines(kept.changed) });
      });
    },

    /** Go on, for so many steps or to the end. */
    async go(count = Infinity) {
      if (goes || run.standing === null || run.phase === "done") return;
      run.said = "";
      run.looked = null;
      goes = true;
      run.phase = "training";
      changed();
      if (count === Infinity) count = run.standing.settings.steps;
      pulling = pull(count);
      await pulling;
    },
    pause: settle,

    /** From the next step on: each slowly, or as fast as it goes. */
    setPace(slowly) {
      run.slowly = slowly;
      slices = [];
      wake();
    },

    /** Make one step that is told slowly. Returns what py/trainer.py's watch_step() answers; rejects with a sentence. */
    async watch(parameter) {
      await settled();
      Object.assign(run, { said: "", looked: null, phase: "training" });
      changed();
      const answer = watched(parameter);
      pulling = answer.catch(() => {});
      return await answer;
    },

    /** End it after this slice, or at once if it is silent, or for whoever presses twice. What was kept can go on. */
    async stop() {
      const atOnce = run.silent || run.phase !== "training" || !goes;
      goes = false;
      wake();
      if (!atOnce) {
        run.said = say("stopping");
        changed();
        const mine = worker;
        await settled();
        if (mine !== worker) return;
      }
      const lost = run.phase === "training" || run.phase === "starting";
      end();
      if (run.standing === null) {
        Object.assign(run, { phase: "none", said: "" });
        return changed();
      }
      if (lost) backTo(last);
      run.said = say(lost ? "stopped_back" : "stopped", { step: step().toLocaleString("en") });
      changed();
    },

    /** Forget it. Returns a function that brings it back. */
    async startOver() {
      if (!run.silent) await settled();
      const old = { facts: { ...run }, last, weights, shown: isShown() };
      end();
      Object.assign(run, { standing: null, events: [], moments: [], speed: null, phase: "none", looked: null });
      run.said = "";
      if (old.shown) {
        keepWeights(null);
        model.learn(null);
      }
      handed = last = null;
      keepRun(null);
      changed();
      return async () => {
        Object.assign(run, old.facts);
        ({ last, weights } = old);
        backTo(last);
        if (old.shown) await show(last.weights, last.step);
        keepShown();
        changed();
        run.isKept = await keepRun(last);
      };
    },

    /** Look at a moment that was kept; null: at now. */
    async look(at) {
      if (run.looked?.step === (at ?? undefined)) return;
      const moment = run.moments.find((each) => each.step === at) ?? null;
      if (run.looked === null) before = isShown() || (handed === null && goes) ? null : { weights: model.weights() };
      run.looked = moment;
      changed();
      try {
        if (moment === null) {
          if (before) await model.learn(before.weights);
          else if (last && !goes) await show(last.weights, last.step);
          return;
        }
        if (!weights.has(at)) weights.set(at, (await (await withRun()).call("moment", at)).weights);
        if (run.looked === moment) await show(weights.get(at), at, { moment: true });
      } catch (error) {
        if (error.name === "Ended") return;
        run.said = error.message;
        run.looked = null;
        changed();
      }
    },

    /** Take the run back to the moment that is looked at, and go on. */
    async goOnFromHere() {
      const at = run.looked.step;
      await settle();
      const well = await attempt(async () => {
        const mine = await withRun();
        take(await mine.call("go_on_from", at));
        weights = new Map([...weights].filter(([step]) => step <= at));
        await keep(mine);
        await show(last.weights, at);
      });
      if (well) await this.go();
    },

    /** The code in use is another: what goes on from here is trained by it. */
    async codeChanged() {
      if (!worker || worker.edit === model.edit()) return;
      await settled();
      if (!worker || worker.edit === model.edit()) return;
      const lost = run.phase === "training" || run.phase === "starting";
      end();
      if (lost && last) backTo(last);
      if (run.standing) run.said = say(model.edit() ? "another_code" : "original_code");
      changed();
    },
  };
}

/** Why a run came to a bad end, in a sentence. how: as py/trainer.py has it. */
function endedSentence(how, edit) {
  if (!how) return "";
  const sentence = say(`ended_${how.why}`, { step: how.step, back: how.back_to });
  return how.told && edit ? `${sentence} ${edit.explain(how.told)}` : sentence;
}

/** As many events as there is room to draw: every so many, those of moments, and the last, as Python tells them. */
function thinned(events, stride, moments) {
  const kept = new Set(moments.map(({ step }) => step));
  const last = events.at(-1);
  return events.filter((event) => event.step % stride === 0 || kept.has(event.step) || event === last);
}

function ended() {
  return Object.assign(new Error(""), { name: "Ended" });
}
