// Runs in the page before anything of its own: notices when the picture with a certain tallest bar is on the screen.

window.bench = (() => {
  const TABLE = "[role=tabpanel]:not([hidden]) table[aria-label='Next-character probabilities']";
  const PATIENCE = 60_000; // ms, for a machine that has much else to do
  const longTasks = []; // how long each took, in ms; the browser counts those over 50
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  }).observe({ type: "longtask" });

  let act; // when the last keystroke, paste or click arrived, in ms since navigation
  let picture; // a promise of when its picture was there
  const note = ({ timeStamp }) => {
    act = timeStamp;
  };
  for (const kind of ["input", "click"]) addEventListener(kind, note, { capture: true });

  /** Waits for Python's picture with a tallest bar of p: { drawn, painted }, in ms since navigation. */
  function shown(p) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no picture with a tallest bar of ${p}`)), PATIENCE);
      const observer = new MutationObserver(look);
      function look() {
        const ready = document.documentElement?.dataset.python === "ready";
        const top = document.querySelector(`${TABLE} data`)?.value;
        if (!ready || !top || Math.abs(top - p) > 1e-9) return;
        observer.disconnect();
        clearTimeout(timer);
        const drawn = performance.now();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve({ drawn, painted: performance.now() }); // this is a task of its own, after the frame
          port1.close();
        };
        requestAnimationFrame(() => port2.postMessage(null));
      }
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });
  }

  return {
    shown,
    longTasks,
    expect(p) {
      picture = shown(p);
    },
    taken: async () => {
      const { drawn, painted } = await picture;
      return [drawn - act, painted - act];
    },
  };
})();
