// The foot of the page: the copy for use without a network, and word of a newer build.

import { whenIdle } from "../idle.js";
import { keepOffline } from "../offline.js";
import { newerBuild } from "../views/newer.js";

export function foot(node, { build }) {
  let kept = build.alone; // one file keeps itself

  return {
    update({ live }) {
      if (kept || !live) return; // it would hold up the first answer
      kept = true;
      whenIdle([() => keepOffline(newerBuild(node.querySelector("#newer")))]);
    },
  };
}
