// Stands in the page's head, and starts Python, before anything is painted and before any other file is there.

import { rootAsBuilt } from "./as_built.js";
import { linksStayInPage } from "./in_page.js";
import { pageIsRead } from "./page_is_read.js";
import { waitFor } from "./patience.js";
import { startPython } from "./python/start.js";
import { isKeptApart, lookInto } from "./refusal.js";
import { remembered } from "./views/theme.js";
import { then_load, then_retry_script } from "./words/en/messages.json";

const PATIENCE = 30_000; // ms that the page's own script and style sheet may take
const A_WHILE = 3_000; // ms that Retry waits for the script, which may still not come, and an alert for what to say
const LAST = "newer"; // in the page: without it, not all of the page has come
const byId = (id) => document.getElementById(id);
const root = document.documentElement;

// Python first: it takes longest. In the one file, what it needs comes last.
if (byId("files")) start();
else pageIsRead().then(() => byId("files") && start());

rootAsBuilt(root);
linksStayInPage();

// Whoever comes back to a place in the page finds it where it was only if all that is above it has been laid out.
root.toggleAttribute("data-whole", comesToAPlace());

// The theme, so that the page does not flash.
root.dataset.theme = remembered();

// If the page's own script or style sheet is not to be had, nobody else is there to say so.
let running = false;
let looking = false; // into why the script has not come
let beforeFailure; // what the status line said
const stopWaiting = waitFor(PATIENCE, () => byId("script-late") && scriptFailed("script-late"));
waitFor(PATIENCE, styleTooLate);
addEventListener("error", failed, true);
addEventListener("load", () => running || looking || scriptFailed("script-missing")); // by then it has run, or never will
addEventListener("load", lookAtStyle);
document.addEventListener("running", takenOver, { once: true }); // main.js says so, when it has begun
pageIsRead().then(tellIfCut);

function start() {
  startPython(JSON.parse(byId("files").textContent));
}

/**
 * Not to its beginning: loaded anew, come back to, or by a link to a heading (state.js knows such links better, but is not
 * there yet) or to words (#:~:text=, of which location knows nothing).
 */
function comesToAPlace() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit?.type !== "navigate" || /^#[\w-]+$/.test(location.hash) || visit.name.includes(":~:");
}

/** Has the file of the page itself been cut short, on the server or on its way? In the one file the script is last. */
function tellIfCut() {
  const cut = byId("page-cut");
  if (cut) cut.hidden = byId(LAST) !== null;
}

function failed({ target, filename }) {
  const ours = document.URL.replace(/[?#].*/, "").replace(/[^/]*$/, "") || document.URL; // not a browser extension's
  if (target.tagName === "LINK" && target.rel === "stylesheet") {
    pageIsRead().then(() => styleFailed(target));
  } else if (!running && target.tagName === "SCRIPT") {
    looking = true;
    pageIsRead().then(() => scriptNotHad(target));
  } else if (!running && filename?.startsWith(ours)) {
    pageIsRead().then(() => scriptFailed("script-missing"));
  }
}

/** Why a script or style sheet could not be had, in a sentence, if that can be told before long. */
function whyNot(path, address, type) {
  const late = new Promise((resolve) => setTimeout(resolve, A_WHILE));
  return Promise.race([lookInto(path, address, { type }), late]);
}

/** Until the style sheet is there or given up, browsers show nothing. */
function styleTooLate() {
  const style = document.querySelector("link[rel=stylesheet]");
  if (!style || style.sheet) return;
  style.remove();
  pageIsRead().then(() => tell("style-missing"));
}

/** One that is sent as something else some browsers take for an empty one, and say nothing. */
function lookAtStyle() {
  const style = document.querySelector("link[rel=stylesheet]");
  try {
    if (style?.sheet?.cssRules.length === 0) styleFailed(style);
  } catch {
    // Kept apart: but then it is there.
  }
}

async function styleFailed(link) {
  if (link.integrity && (await isKeptApart(link.href))) {
    link.removeAttribute("integrity"); // which browsers cannot check there
    return link.replaceWith(link.cloneNode());
  }
  const why = await whyNot("style.css", link.href, "css");
  tell("style-missing", why && `${why} ${then_load}`);
}

async function scriptNotHad(script) {
  if (await isKeptApart(script.src)) return scriptFailed("kept-apart");
  const why = await whyNot("main.js", script.src, "javascript");
  if (!running) scriptFailed("script-missing", why && `${why} ${then_retry_script}`);
}

function scriptFailed(what, why) {
  stopWaiting();
  root.dataset.python = "failed";
  if (byId("page-cut") && !byId(LAST)) [what, why] = ["page-cut", null];
  if (location.protocol === "file:" && byId("from-folder")) what = "from-folder";
  const inVain = ["from-folder", "kept-apart"].includes(what);
  if (inVain) byId(what).querySelector("a").hash = location.hash;
  const said = tell(what, why).cloneNode(true);
  if (!byId("retry")) return; // the page did not come so far
  beforeFailure ??= [...byId("python-status").childNodes];
  byId("python-status").replaceChildren(...said.childNodes);
  byId("python-progress").hidden = true;
  byId("retry").hidden = inVain;
  byId("retry").onclick = retry;
}

/** The page's own script has begun, in time or not: from now on it says what fails. */
function takenOver() {
  running = true;
  stopWaiting();
  for (const each of ["script-late", "script-missing"]) if (byId(each)) byId(each).hidden = true;
  byId("retry").onclick = null;
}

/** Show that alert, which stands in the page; or another sentence there, if more is known. */
function tell(what, sentence) {
  if (sentence) byId(what).textContent = sentence;
  byId(what).hidden = false;
  return byId(what);
}

/** From here to the page's being loaded anew the old failure is no longer true; Retry stays, should it come to nothing. */
function retry() {
  byId("python-status").replaceChildren(...beforeFailure);
  byId("python-progress").hidden = false;
  root.dataset.python = "loading";
  const script = document.querySelector("script[src]");
  if (script) fetchAnew(script.src).then(() => location.reload());
  setTimeout(() => location.reload(), script ? A_WHILE : 0);
}

/** So that the page, loaded again, does not find in the browser's cache what is wrong. */
function fetchAnew(address) {
  return fetch(address, { cache: "reload" }).catch(() => {});
}
