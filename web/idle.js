// Work that can wait: a piece at a time, when the page has nothing else to do, so that a key never has to wait for it.

const LATEST = 2000; // ms after which a piece is done even so

/** Do these one after the other, each in a task of its own. */
export async function whenIdle(pieces) {
  for (const piece of pieces) {
    await idle();
    piece();
  }
}

/** WebKit has no idle callbacks. */
function idle() {
  return new Promise((resolve) => {
    if (self.requestIdleCallback) requestIdleCallback(resolve, { timeout: LATEST });
    else setTimeout(resolve);
  });
}
