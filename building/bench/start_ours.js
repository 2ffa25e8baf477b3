// Python just as the lesson starts it, in a page with nothing else: to its first answer.

import { startPython, takePython } from "../../web/python/start.js";

startPython(FILES); // put in by the build
const python = takePython();
const ready = new Promise((resolve) => python.watch(({ phase }) => phase === "ready" && resolve()));
window.started = ready.then(() => python.call("read", "emma")).then(() => performance.now());
