// Puts the rooms together: what the person chooses goes to Python, what Python answers goes to the views.

import { keepOffline } from "./offline.js";
import { pageIsRead } from "./page_is_read.js";
import { makeFetcher } from "./python/assets.js";
import { Python } from "./python/client.js";
import { newest } from "./python/newest.js";
import { lastWords } from "./python/protocol.js";
import { MAX_DRAWS, START, keepState } from "./state.js";
import { clip } from "./views/clips.js";
import { setText } from "./views/element.js";
import { forwardView } from "./views/forward.js";
import { hearing } from "./views/heard.js";
import { lossView } from "./views/loss.js";
import { newerBuild } from "./views/newer.js";
import { proof } from "./views/proof.js";
import { sampleView } from "./views/sample.js";
import { source } from "./views/source.js";
import { pythonStatus } from "./views/status.js";
import { modeTabs } from "./views/tabs.js";
import { textField } from "./views/text.js";
import { themeSwitch } from "./views/theme.js";
import { say } from "./words/say.js";

const NAMES = 20;
const byId = (id) => document.getElementById(id);
const build = JSON.parse(byId("build").textContent);
const { vocabulary } = build;

// Python first: it takes longest, and needs nothing of the page, most of which may not be there yet.
const python = new Python({
  makeWorker: (script) => new Worker(script, { name: "python" }),
  fetchAssets: makeFetcher(build.files),
});
python.start();
await pageIsRead();

const state = keepState({ vocabulary, listener: changed });
let picture = build.start; // what the views draw: Python's last answer, and before it one made at build time

const choosePosition = (position) => {
  const last = picture.positions.length - 1;
  state.change({ position: position === last ? null : position }, "position");
};
const sample = {
  draw: () => {
    const { draws, temperature } = state.get();
    if (draws.length < MAX_DRAWS) state.change({ draws: [...draws, temperature] }, "draws");
  },
  undo: () => state.change({ draws: state.get().draws.slice(0, -1) }, "draws"),
  reset: () => state.change({ draws: [] }, "draws"),
  seed: (seed) => state.change({ seed, draws: [] }, "seed"),
  temperature: (temperature) => state.change({ temperature }, "temperature"),
  names: () => python.call("names", state.get().temperature, state.get().seed, NAMES),
};
const views = { forward: forwardView(choosePosition), loss: lossView(choosePosition), sample: sampleView(sample) };
for (const [mode, { node }] of Object.entries(views)) byId(`${mode}-panel`).replaceChildren(node);

const tabs = modeTabs([...document.querySelectorAll("[role=tab]")], (mode) => state.change({ mode }));
const field = textField({
  input: byId("text"),
  message: byId("text-message"),
  presets: byId("presets"),
  vocabulary,
  act: {
    type: (text) => state.change({ text, draws: [], position: null }, "text"),
    preset: (text) => state.change({ text, draws: [], position: null }),
    undoTo: (count) => state.change({ draws: state.get().draws.slice(0, count) }, "draws"),
  },
});
const status = pythonStatus({
  root: document.documentElement,
  line: byId("python-status"),
  progress: byId("python-progress"),
  retry: byId("retry"),
  start: () => python.start(),
});
const heard = hearing(byId("heard"));
const computedBy = source({ sandbox: byId("sandbox"), code: byId("code"), choose: (mode) => state.change({ mode }) });
const loaded = proof(byId("proof"));

let asked = null; // the question put to Python last
let answered = START; // the one that the picture answers

/** Whether Python would give the same answer: another mode or position is another view of it. */
const sameQuestion = (a, b) => ["text", "temperature", "seed", "draws"].every((name) => `${a[name]}` === `${b[name]}`);

const ask = newest(
  ({ text, temperature, seed, draws }) => python.call("show", text, temperature, seed, draws),
  (answer, question) => {
    picture = answer;
    answered = question;
    // If the person has gone on meanwhile, the text field and the link are further than this answer.
    if (sameQuestion(question, state.get())) {
      field.update(answer.text, [...question.text].length);
      // Draws that were asked for after the end do not exist; the link should not claim them.
      if (answer.draws.length < question.draws.length) {
        state.correct({ draws: question.draws.slice(0, answer.draws.length) });
      }
    }
    draw();
  },
  (error) =>
    error.name === "Ended" || setText(byId("provenance"), say("call_failed", { message: lastWords(error.message) })),
);

function put(question) {
  asked = question;
  ask(question);
}

/** The state is another one: show what can be shown of it now, and ask Python for the rest. */
function changed(now) {
  if (now.mode !== "sample") views.sample.pause();
  // What was drawn after it only Python knows, and it may not be there yet.
  if (now.draws.length === 0 || !picture.text.startsWith(now.text)) field.update(now.text, [...now.text].length);
  draw();
  if (isReady() && !sameQuestion(now, asked)) put(now);
}

/** Draw the picture there is, as the state wants it seen. */
function draw() {
  const now = state.get();
  const last = picture.positions.length - 1;
  const position = Math.min(now.position ?? last, last);
  tabs.update(now.mode);
  computedBy.update(now.mode);
  if (now.mode === "sample") views.sample.update(picture, now);
  else views[now.mode].update(picture, position);
  const built = picture === build.start;
  const waiting = !sameQuestion(now, answered) && (built || !isReady());
  setText(
    byId("provenance"),
    waiting ? say("waiting_numbers", { text: picture.text }) : built ? say("built_numbers") : "",
  );
  if (!built) heard.update(picture, now, position);
}

function isReady() {
  return document.documentElement.dataset.python === "ready";
}

/** A link of the lesson that sets the sandbox to an example also brings the reader there. */
document.addEventListener("click", (event) => {
  if (!event.target.closest("a.try") || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  byId("sandbox").scrollIntoView();
  byId(`${new URLSearchParams(event.target.hash.slice(1)).get("mode")}-tab`).focus({ preventScroll: true });
});

themeSwitch(byId("theme"));
for (const figure of document.querySelectorAll("[data-clip]")) {
  clip(figure, figure.dataset.clip, build.clips[figure.dataset.clip]);
}
const early = byId("text").value; // typed before this script was there
changed(state.get());
if (early !== byId("text").defaultValue) field.type(early);
python.watch((report) => {
  status.update(report);
  if (report.phase === "failed") {
    views.sample.pause();
    draw();
  }
  if (report.phase !== "ready") return;
  loaded.update(report.facts.sha256);
  put(state.get());
  if (!build.alone) keepOffline(newerBuild(byId("newer")));
});
document.dispatchEvent(new Event("running")); // first.js need not watch any longer
