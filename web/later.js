// What is far below the first screen waits until it comes near, or until Python has answered: before that, the processor
// is Python's.

import { whenIdle } from "./idle.js";

const NEAR = "100%"; // of the screen's height

/**
 * Returns { add(node, make): make() is called once, when the node comes near or nothing is more urgent, in the order in
 * which they were added; update(seen): as a room has it }.
 */
export function laterOn() {
  const pieces = new Map(); // node to all that makes it
  const near = new IntersectionObserver(
    (entries) => makeAll(entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target)),
    { rootMargin: `${NEAR} 0px` },
  );

  function makeAll(nodes) {
    const made = nodes.flatMap((node) => pieces.get(node) ?? []);
    for (const node of nodes) {
      pieces.delete(node);
      near.unobserve(node);
    }
    whenIdle(made);
  }

  return {
    add(node, make) {
      pieces.set(node, [...(pieces.get(node) ?? []), make]);
      near.observe(node);
    },
    update({ live }) {
      if (live && pieces.size > 0) makeAll([...pieces.keys()]);
    },
  };
}

/** A room that is made later, or as soon as wanted(seen). */
export function lateRoom(later, node, make, wanted) {
  let room = null;
  let seen = null;
  const enter = () => {
    room ??= make();
    if (seen) room.update(seen);
  };
  later.add(node, enter);
  return {
    update(latest) {
      seen = latest;
      if (room || wanted(latest)) enter();
    },
  };
}
