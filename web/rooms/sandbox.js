// The sandbox: a text, and the modes in which the model can be seen to work on it.

import { MAX_DRAWS, MAX_TYPED } from "../state.js";
import { keepWeights } from "../train/kept.js";
import { setText } from "../views/element.js";
import { standsBeside } from "../views/beside.js";
import { forwardView } from "../views/forward.js";
import { liveRegion } from "../views/live_region.js";
import { lossView } from "../views/loss.js";
import { sampleView } from "../views/sample.js";
import { source } from "../views/source.js";
import { modeTabs } from "../views/tabs.js";
import { textField } from "../views/text.js";
import { whose, whoseWeights } from "../views/whose.js";
import { isKnown } from "../words/characters.js";
import { say } from "../words/say.js";

const NAMES = 20;
const N_OFFERED = 3; // examples of what other weights were trained on
const CODE = "py/microgpt.py"; // the file that an edit is an edit of

/**
 * Returns { update, and ways to have it beside the text, each with what to go back to from there: open(from, what else is
 * to change), follow(a link with a state), lead(from, a part of the code: to its picture); stand(from) leaves the focus
 * where it is }.
 */
export function sandbox(node, { build, state, model, ask, restart }) {
  const part = (id) => node.querySelector(`#${id}`);
  const original = part("digest").textContent;
  const examples = build.examples.map(({ text }) => text);
  let last = 0; // the last position of the picture
  let offered = null; // examples, as buttons

  const choosePosition = (position) => state.change({ position: position === last ? null : position }, "position");
  const sample = {
    draw: () => {
      const { draws, temperature } = state.get();
      if (draws.length < MAX_DRAWS) state.change({ draws: [...draws, temperature] }, "draws");
    },
    undo: () => state.change({ draws: state.get().draws.slice(0, -1) }, "draws"),
    reset: () => state.change({ draws: [] }, "draws"),
    seed: (seed) => state.change({ seed, draws: [] }, "seed"),
    temperature: (temperature) => state.change({ temperature }, "temperature"),
    names: () => ask("names", state.get().temperature, state.get().seed, NAMES),
  };
  const views = { forward: forwardView(choosePosition), loss: lossView(choosePosition), sample: sampleView(sample) };
  for (const [mode, view] of Object.entries(views)) part(`${mode}-panel`).replaceChildren(view.node);

  const tabs = modeTabs([...node.querySelectorAll("[role=tab]")], (mode) => state.change({ mode }));
  const field = textField({
    input: part("text"),
    message: part("text-message"),
    leftOut: part("text-left-out"),
    vocabulary: model.vocabulary,
    state,
    presets: part("presets"),
  });
  const computedBy = source(part("source"), node);
  const announce = liveRegion(part("live-region"));

  const place = standsBeside({
    root: document.documentElement,
    sandbox: node,
    away: document.getElementById("sandbox-away"),
    move: (beside) => state.change({ beside }),
  });

  // Retry stands at the top of the page, which is far from here for a keyboard.
  part("again").addEventListener("click", () => {
    restart();
    part("numbers").focus({ preventScroll: true });
  });

  part("shipped").addEventListener("click", () => {
    model.learn(null);
    keepWeights(null);
    part("whose-weights").focus({ preventScroll: true }); // the button goes
  });

  /** Examples of what the weights in use were trained on, and no text. */
  function offer(weights) {
    const texts = weights ? [...fitting(weights), ""] : examples;
    if (`${texts}` === `${offered}`) return;
    offered = texts;
    field.offer(texts);
  }

  function fitting({ examples, vocabulary }) {
    const short = (text) => [...text].length <= MAX_TYPED && isKnown(text, vocabulary);
    return examples.filter(short).slice(0, N_OFFERED);
  }

  return {
    open: (from, patch) => place.enter(from, () => state.change({ ...patch, beside: true })),
    stand: (from) => place.stand(from, () => state.change({ beside: true })),
    follow: (link) => place.enter(link, () => state.follow(link.hash, { beside: true })),
    lead(from, part) {
      this.open(from, { mode: computedBy.bestMode(part) });
      computedBy.lead(part);
    },
    update(seen) {
      const { mode, beside } = seen.state;
      place.update(beside);
      node.dataset.mode = mode;
      last = seen.picture.positions.length - 1;
      offer(model.weights());
      for (const [each, view] of Object.entries(views)) if (each !== mode) view.pause();
      if (seen.python.phase === "failed") views.sample.pause();
      field.update(seen);
      tabs.update(mode);
      const drawn = mode !== "loss" || seen.picture.mean_nll !== null; // an edit may give no loss, and says why
      if (drawn) views[mode]?.update(seen);
      computedBy.update(mode);
      setText(part("numbers"), seen.trouble?.told?.distribution ? "" : seen.note); // that stands where the picture would
      setText(part("whose"), whose(seen.edit));
      setText(part("digest"), seen.edit?.sha256[CODE] ?? original);
      node.classList.toggle("stale", seen.stale);
      part("again").hidden = seen.python.phase !== "failed";
      setText(part("whose-weights"), whoseWeights(seen.weights));
      setText(part("refused"), model.refused() && say("weights_refused", { why: model.refused() }));
      part("shipped").hidden = !model.weights();
      setText(part("text-hint"), model.weights() ? say("text_hint_other") : say("text_hint"));
      if (drawn && seen.live && views[mode] && !views[mode].watching()) announce.update(seen);
    },
  };
}
