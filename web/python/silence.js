// Notices that what was asked is not answered for a while.

import { waitFor } from "../patience.js";

/** patience: ms. tell(whether it is silent). Returns { answered(promise): the same, watched until then, forget() }. */
export function silence(patience, tell) {
  const asked = new Set(); // what is not answered yet
  let stopWaiting = () => {};

  function wait() {
    stopWaiting();
    tell(false);
    stopWaiting = asked.size ? waitFor(patience, () => tell(true)) : () => {};
  }

  return {
    async answered(promise) {
      asked.add(promise);
      wait();
      try {
        return await promise;
      } finally {
        if (asked.delete(promise)) wait();
      }
    },
    /** Nothing will be answered any more. */
    forget() {
      asked.clear();
      wait();
    },
  };
}
