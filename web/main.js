// Puts the rooms together: what the person chooses goes to Python, what Python answers goes to the views.

import { makeFetcher } from "./python/assets.js";
import { Python } from "./python/client.js";
import { newest } from "./python/newest.js";
import { keepState } from "./state.js";
import { forwardView } from "./views/forward.js";
import { hearing } from "./views/heard.js";
import { lossView } from "./views/loss.js";
import { sampleView } from "./views/sample.js";
import { pythonStatus } from "./views/status.js";
import { modeTabs } from "./views/tabs.js";
import { textField } from "./views/text.js";
import { say } from "./words/say.js";

const NAMES = 20;
const byId = (id) => document.getElementById(id);
const { vocabulary, files } = JSON.parse(byId("build").textContent);

const state = keepState({ vocabulary, listener: changed });
let picture = null; // Python's last answer: everything the views draw

const choosePosition = (position) => {
  const last = picture.positions.length - 1;
  state.change({ position: position === last ? null : position }, "position");
};
const sample = {
  draw: () => state.change({ draws: [...state.get().draws, state.get().temperature] }, "draws"),
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

const python = new Python({
  makeWorker: () => new Worker("worker.js", { type: "module", name: "python" }),
  fetchAssets: makeFetcher(files),
  report(report) {
    status.update(report);
    if (report.phase === "ready") ask(state.get());
  },
});

const ask = newest(
  ({ text, temperature, seed, draws }) => python.call("show", text, temperature, seed, draws),
  (answer, asked) => {
    picture = answer;
    // Draws that were asked for after the end do not exist; the link should not claim them.
    if (answer.draws.length < asked.draws.length && asked === state.get()) {
      state.change({ draws: asked.draws.slice(0, answer.draws.length) }, "draws");
    }
    draw();
  },
  (error) => byId("python-status").dataset.phase === "ready" && console.error(error),
);

/** The state is another one: show what can be shown of it now, and ask Python for the rest. */
function changed(now) {
  tabs.update(now.mode);
  if (now.mode !== "sample") views.sample.pause();
  if (now.draws.length === 0) field.update(now.text, now.text.length);
  if (document.documentElement.dataset.python === "ready") ask(now);
}

function draw() {
  const now = state.get();
  field.update(picture.text, now.text.length);
  const last = picture.positions.length - 1;
  const position = Math.min(now.position ?? last, last);
  if (now.mode === "sample") views.sample.update(picture, now);
  else views[now.mode].update(picture, position);
  heard.update(picture, now, position);
}

changed(state.get());
python.start();
