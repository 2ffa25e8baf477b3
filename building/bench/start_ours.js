// Python just as the lesson starts it, in a page with nothing else: to its first answer.

import { makeFetcher } from "../../web/python/assets.js";
import { Python } from "../../web/python/client.js";

const python = new Python({
  makeWorker: (script) => new Worker(script),
  fetchAssets: makeFetcher(FILES), // put in by the build
});
python.start();
const ready = new Promise((resolve) => python.watch(({ phase }) => phase === "ready" && resolve()));
window.started = ready.then(() => python.call("read", "emma")).then(() => performance.now());
