// The page: Python, what the person has chosen, and the rooms, top to bottom.

import { bodyAsBuilt } from "./as_built.js";
import { inUse } from "./in_use.js";
import { lateRoom, laterOn } from "./later.js";
import { runLoop } from "./loop.js";
import { pageIsRead } from "./page_is_read.js";
import { hasBegun } from "./played.js";
import { takePython } from "./python/start.js";
import { code } from "./rooms/code.js";
import { edit } from "./rooms/edit.js";
import { foot } from "./rooms/foot.js";
import { game } from "./rooms/game.js";
import { lesson } from "./rooms/lesson.js";
import { opening } from "./rooms/opening.js";
import { sandbox } from "./rooms/sandbox.js";
import { train } from "./rooms/train.js";
import { keepState } from "./state.js";
import { keptWeights } from "./train/kept.js";
import { pythonStatus } from "./views/status.js";
import { themeSwitch } from "./views/theme.js";

const byId = (id) => document.getElementById(id);
const build = JSON.parse(byId("build").textContent);
await pageIsRead();
bodyAsBuilt(document.body);

const python = takePython(); // which is starting, or may be ready by now

const model = inUse(python, { vocabulary: build.vocabulary, weights: keptWeights() });
const state = keepState({ vocabulary: model.vocabulary, start: build.start.text });
const page = { build, state, python, model, ask: model.call, restart: () => python.start() };
page.later = laterOn();
themeSwitch(byId("theme"));
page.sandbox = sandbox(byId("sandbox"), page);
const playing = ({ state }) => state.game !== null || hasBegun();
const rooms = [
  opening(byId("opening"), page),
  lesson(document.querySelector("main"), page),
  ...(build.game ? [lateRoom(page.later, byId("game"), () => game(byId("game"), page), playing)] : []),
  code(byId("code"), page),
  page.sandbox,
  edit(byId("edit"), page, join),
  train(byId("train-panel"), page, join),
  foot(document.querySelector("footer"), page),
  page.later,
];

/** A room that was not there from the beginning. */
function join(room) {
  rooms.push(room);
  return room;
}

const loop = runLoop({ model, state, built: [build.start, ...build.examples], rooms });
const status = pythonStatus({
  root: document.documentElement,
  line: byId("python-status"),
  progress: byId("python-progress"),
  retry: byId("retry"),
  start: page.restart,
});
python.watch((report) => {
  status.update(report);
  loop.hear(report);
});
document.dispatchEvent(new Event("running")); // first.js need not watch any longer
