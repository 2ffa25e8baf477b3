// How Python is: loading with progress, ready, or failed with a way on.

import { say } from "../words/say.js";
import { setText } from "./element.js";

/** Returns { update(report) }; report as python/client.js gives it. */
export function pythonStatus({ root, line, progress, retry, start }) {
  retry.addEventListener("click", start);
  return {
    update(report) {
      root.dataset.python = report.phase;
      setText(line, sentence(report));
      // A button that goes away with the focus leaves a keyboard nowhere: go on from what it brought about.
      if (report.phase !== "failed" && document.activeElement === retry) line.focus({ preventScroll: true });
      retry.hidden = report.phase !== "failed";
      progress.hidden = report.phase !== "loading";
      if (report.phase === "loading") {
        // Fetching is most of the wait; the two stages after it fill the rest of the bar.
        progress.value = { fetching: 0.8 * (report.bytes / report.total), starting: 0.85, loading: 0.95 }[report.stage];
      }
    },
  };
}

function sentence({ phase, stage, bytes, total, message }) {
  if (phase === "ready") return say("ready");
  if (phase === "failed") return message;
  // Whole tenths, so that a screen reader is not told of every packet.
  return say(`loading_${stage}`, { done: (bytes / 1e6).toFixed(0), all: (total / 1e6).toFixed(0) });
}
