// The foot of the page: the copy for use without a network, and word of a newer build.

import { keepOffline } from "../offline.js";
import { newerBuild } from "../views/newer.js";

export function foot(node, { build }) {
  let kept = build.alone; // one file keeps itself

  return {
    update({ python }) {
      if (kept || python.phase !== "ready") return;
      kept = true;
      keepOffline(newerBuild(node.querySelector("#newer")));
    },
  };
}
