// Training's room: what to learn from, the run, its curve, and what is kept of it. Fetched when somebody chooses the mode
// (see ../rooms/train.js).

import { element, setText } from "../views/element.js";
import { lossCurve } from "./curve.js";
import { dataChooser } from "./data.js";
import { say as sayOfData } from "./data_words.js";
import { engineSentence, paceChoice } from "./engine.js";
import { keepWeights } from "./kept.js";
import { LISTS, listText } from "./lists.js";
import { everyStep, trainingTable } from "./numbers.js";
import { oneStep } from "./one_step.js";
import { ownWeights } from "./own_weights.js";
import { trainingRun } from "./run.js";
import { say } from "./say.js";
import { trainingSettings } from "./settings.js";
import { timeMachine } from "./time_machine.js";

const WATCHED = "watched"; // in place of a number of steps: one, told slowly
const DWELL = 80; // ms on a step before the model is shown as it was then: a pointer on its way elsewhere passes over many

/** node: the panel. page: as main.js has it. Returns { update(seen) }. */
export function trainRoom(node, { python, model }) {
  const run = trainingRun({ python, model, changed: draw });
  const { facts } = run;
  let seen = null; // the last that rooms were told
  let data; // what to learn from: { texts, about }; undefined until something is chosen, null while nothing can be used
  let waits = null; // so many steps were asked for before Python was there: as soon as it is
  let wants = null; // the same, before a list was read
  let word = ""; // in answer to what was pressed last
  let takenUp = false; // whether it was looked for a run that was kept
  let chosen = null; // the step of the moment that was chosen to be looked at, null for now
  let pointed = null; // the step that is pointed at
  let dwell = null; // the timer of the pointer's stay there
  let bringBack = null; // brings back a run that was started over

  const chooser = dataChooser({
    ask: run.ask,
    chosen(latest) {
      const { texts, ...about } = latest ?? {};
      data = latest && { texts, about };
      draw();
      if (!latest) return;
      if (wants !== null) begin(wants);
      else if (latest.list === null) trains.focus(); // it was a button that goes
    },
  });
  const settings = trainingSettings(() => say(model.weights() ? "learned" : "shipped", model.weights() ?? {}));
  const watched = oneStep({
    ask: (method, parameter) => (method === "watch_step" ? run.watch(parameter) : run.ask(method, parameter)),
  });
  const [trains, steps, watches, stops, restarts, returns] = [
    button("train", () => (facts.phase === "training" ? run.pause() : begin(Infinity)), "button.primary"),
    button("one_step", () => begin(1)),
    button("watch_step", () => begin(WATCHED)),
    button("stop", stop),
    button("start_over", startOver),
    button("bring_back", bring, "button.quiet"),
  ];
  const progress = element("p.progress");
  const engine = element("p.hint.engine");
  const pace = paceChoice(run.setPace);
  const status = element("p", { role: "status" });
  const quiet = element("p.silent", { role: "alert", hidden: "" }, element("span"), button("stop_training", stop));
  const about = element("p.hint");
  const curve = lossCurve({ point, choose });
  const machine = timeMachine({ look, goOn });
  const table = trainingTable();
  const every = everyStep();
  const shows = button("show_now", () => run.showNow());
  const files = ownWeights({ file, read: model.read, use });
  const kept = element("p.hint", {}, "");

  const setup = element("div.setup", {}, chooser.node, settings.node);
  const picture = element("div.run", {}, curve.node, machine.slider, machine.node, table.node, every.node);
  node.replaceChildren(
    element(
      "div",
      {},
      element(
        "div.moves",
        {},
        about,
        element("div.controls", {}, trains, steps, watches, pace, stops, restarts, returns),
        progress,
        engine,
        status,
        quiet,
      ),
      setup,
      watched.node,
      picture,
      element("div.keeping", {}, element("h3", {}, say("weights")), shows, files.node, kept),
    ),
  );

  // ---- The run

  async function begin(count) {
    if (seen.python.phase !== "ready") {
      waits = count;
      return draw();
    }
    waits = wants = null;
    word = facts.phase === "done" ? say("all_done") : "";
    if (facts.phase === "done") return draw();
    if (facts.phase === "none") {
      if (data === null) {
        wants = chooser.node.querySelector("[aria-busy=true]") ? count : null;
        word = say(wants === null ? "choose_first" : "reads_first");
        return draw();
      }
      const from = settings.fromPresent() ? await model.call("weights_file") : null;
      bringBack = null;
      if (!(await run.begin(() => data ?? givenNames(), settings.settings(), from))) return;
    }
    if (facts.phase === "starting") return;
    chosen = null;
    await (count === WATCHED ? watched.watch() : run.go(count));
  }

  function stop() {
    waits = wants = null;
    word = "";
    run.stop();
  }

  async function startOver() {
    waits = chosen = null;
    word = "";
    bringBack = await run.startOver();
    draw();
    trains.focus();
  }

  function bring() {
    bringBack();
    bringBack = null;
    trains.focus();
  }

  /** What most people want to begin with: nothing needs to be chosen. */
  async function givenNames() {
    const list = LISTS[0];
    const text = await listText(list.id);
    const { texts, sha256, choices } = await run.ask("prepare", { text }, {});
    return { texts, about: { name: sayOfData(`list_${list.id}`), list: list.id, sha256, choices } };
  }

  // ---- The time machine

  function point(step) {
    pointed = step;
    clearTimeout(dwell);
    if (run.isRunning()) dwell = setTimeout(() => run.look(step === null ? chosen : machine.nearest(step).step), DWELL);
    draw();
  }

  function choose(step) {
    look(machine.nearest(step).step);
  }

  function look(step) {
    clearTimeout(dwell);
    chosen = step === run.step() ? null : step; // the last is now
    run.look(chosen);
  }

  function goOn() {
    chosen = null;
    word = "";
    run.goOnFromHere();
    trains.focus();
  }

  // ---- Weights

  async function file() {
    const text = await model.call("weights_file");
    const { name, step } = model.weights() ?? { name: "microgpt", step: null };
    const plain = name.replace(/\.json$/i, "").replace(/[^\p{L}\p{N}]+/gu, "-");
    return { text, name: `${step === null ? plain : `${plain}-${step}`}.json` };
  }

  function use(weights) {
    model.learn(weights).catch(() => {});
    keepWeights(weights);
  }

  // ---- What is shown

  function draw() {
    if (seen === null || seen.state.mode !== "train") return;
    const { phase, standing, events, moments, speed, looked } = facts;
    const idle = standing === null;
    setup.hidden = !idle || phase === "starting";
    chooser.update({ busy: phase === "starting" });
    settings.update();
    picture.hidden = idle;
    setText(trains, say(phase === "training" ? "pause" : "train"));
    watched.update({
      standing,
      step: run.step(),
      busy: phase === "starting" || phase === "done",
      edited: model.edit() !== null,
    });
    stops.disabled = (!run.isRunning() || phase === "done") && (waits ?? wants) === null;
    restarts.disabled = idle;
    returns.hidden = bringBack === null || !idle;
    quiet.hidden = !facts.silent;
    setText(quiet.firstChild, facts.silent ? say("silent") : "");
    setText(status, situation());
    setText(progress, idle ? "" : progressSentence());
    setText(engine, idle ? "" : engineSentence(facts));
    shows.hidden = idle || run.isShown();
    setText(kept, idle ? "" : facts.isKept ? say("kept") : say("not_kept"));
    setText(about, idle ? beforeSentence() : aboutSentence(standing));
    if (idle) return;
    const cursor = pointed ?? looked?.step ?? null;
    curve.update({ events, moments, standing, cursor });
    const event = pointed === null ? null : (events.find(({ step }) => step >= pointed) ?? null);
    machine.update({ moments, looked, pointed: pointed === 0 ? null : event, picture: seen.picture });
    table.update({ events, moments, speed });
    every.update(events);
  }

  function situation() {
    if (waits !== null) return say(seen.python.phase === "failed" ? "no_python" : "waits");
    if (word || facts.said) return word || facts.said;
    if (facts.phase === "none") return "";
    const hidden = facts.phase === "training" && !run.isShown();
    return say(hidden ? "is_training_hidden" : `is_${facts.phase}`, { step: number(run.step()) });
  }

  function beforeSentence() {
    if (data === null) return say("choose_first");
    return say("before", { name: data?.about.name ?? sayOfData(`list_${LISTS[0].id}`) });
  }

  function progressSentence() {
    const { settings } = facts.standing;
    const done = say("progress", { step: number(run.step()), steps: number(settings.steps) });
    if (facts.speed === null) return done;
    const speed = say("speed", { speed: facts.speed < 100 ? facts.speed.toFixed(1) : number(Math.round(facts.speed)) });
    const goes = facts.phase === "training" && facts.engine.name !== "preparing";
    const left = goes ? [timeLeft((settings.steps - run.step()) / facts.speed)] : [];
    return [done, speed, ...left].join(" · ");
  }

  return {
    update(latest) {
      const before = seen;
      seen = latest;
      if (model.edit() !== (before?.edited ?? null)) run.codeChanged();
      seen = { ...latest, edited: model.edit() };
      if (latest.state !== before?.state) run.letAnswer();
      const ready = latest.python.phase === "ready";
      if (ready && !takenUp) {
        takenUp = true;
        run.takeUp();
      } else if (ready && waits !== null) {
        const count = waits;
        queueMicrotask(() => begin(count)); // not while the rooms are being drawn
        waits = null;
      }
      draw();
    },
  };
}

function aboutSentence({ about, n_train, n_held_out, settings }) {
  const { learning_rate, seed } = settings;
  const counts = { learned: number(n_train), held_out: number(n_held_out) };
  return say("about", { name: about.name, ...counts, rate: learning_rate, seed });
}

function timeLeft(seconds) {
  if (seconds < 90) return say("seconds_left", { seconds: Math.max(1, Math.round(seconds)) });
  return say("minutes_left", { minutes: Math.round(seconds / 60) });
}

const number = (value) => value.toLocaleString("en");

function button(word, onclick, kind = "button") {
  return element(kind, { type: "button", onclick }, say(word));
}
