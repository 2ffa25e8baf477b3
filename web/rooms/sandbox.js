// The sandbox: a text, and the three modes in which the model can be seen to work on it.

import { MAX_DRAWS } from "../state.js";
import { setText } from "../views/element.js";
import { forwardView } from "../views/forward.js";
import { liveRegion } from "../views/live_region.js";
import { lossView } from "../views/loss.js";
import { sampleView } from "../views/sample.js";
import { source } from "../views/source.js";
import { modeTabs } from "../views/tabs.js";
import { textField } from "../views/text.js";

const NAMES = 20;

/** Returns { update, lead(part): to the picture of a part of the code }. */
export function sandbox(node, { build, state, ask }) {
  const part = (id) => node.querySelector(`#${id}`);
  let last = 0; // the last position of the picture

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
    presets: part("presets"),
    vocabulary: build.vocabulary,
    state,
  });
  const computedBy = source(part("source"), node, (mode) => state.change({ mode }));
  const announce = liveRegion(part("live-region"));

  return {
    lead: computedBy.lead,
    update(seen) {
      const { mode } = seen.state;
      last = seen.picture.positions.length - 1;
      for (const [each, view] of Object.entries(views)) if (each !== mode) view.pause();
      if (seen.python.phase === "failed") views.sample.pause();
      field.update(seen);
      tabs.update(mode);
      views[mode].update(seen);
      computedBy.update(mode);
      setText(part("provenance"), seen.note);
      if (seen.live && !views[mode].watching()) announce.update(seen);
    },
  };
}
