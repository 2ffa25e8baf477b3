// Pyodide just as its npm package has it, in a page with nothing else: to its first answer.

const worker = new Worker("worker.js", { type: "module" });
const answer = () => new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));

window.started = answer().then(() => performance.now());
window.ask = (question) => {
  worker.postMessage(question);
  return answer().then(({ data }) => data);
};
