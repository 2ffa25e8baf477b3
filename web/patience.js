// How long to wait, in time that the page itself was awake: a laptop that sleeps, or a phone with the page in the
// background, holds up the page and whatever it waits for alike, and that nothing comes meanwhile says nothing.

const TICK = 1000; // ms
const LATE = 2 * TICK; // a tick that comes later than this was held up: no more than this of the time counts

/** Call tired() when the page has waited for so many ms. Returns a function that ends the wait. */
export function waitFor(ms, tired) {
  let waited = 0;
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    waited += Math.min(now - before, LATE);
    before = now;
    if (waited < ms) return;
    clearInterval(timer);
    tired();
  }, TICK);
  return () => clearInterval(timer);
}
