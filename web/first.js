// Stands in the page's head and runs before anything is painted and before any other file is there.

import { pageIsRead } from "./page_is_read.js";
import { askEarly } from "./python/early.js";
import { remembered } from "./views/theme.js";

const PATIENCE = 30_000; // ms that the page's own script and style sheet may take
const A_WHILE = 3_000; // ms that Retry waits for the script, which may still not come
const LAST = "newer"; // in the page: without it, not all of the page has come
const byId = (id) => document.getElementById(id);
const root = document.documentElement;

askEarly(document.currentScript.dataset);

// The theme, so that the page does not flash.
root.dataset.theme = remembered();

// If the page's own script or style sheet is not to be had, nobody else is there to say so.
let running = false;
let beforeFailure; // what the status line said
const tooLate = setTimeout(() => byId("script-late") && scriptFailed("script-late"), PATIENCE);
setTimeout(styleTooLate, PATIENCE);
addEventListener("error", failed, true);
addEventListener("load", () => running || scriptFailed("script-missing")); // by then it has run, or never will
document.addEventListener("running", takenOver, { once: true }); // main.js says so, when it has begun
pageIsRead().then(tellIfCut);

/** Has the file of the page itself been cut short, on the server or on its way? In the one file the script is last. */
function tellIfCut() {
  const cut = byId("page-cut");
  if (cut) cut.hidden = byId(LAST) !== null;
}

function failed({ target, filename }) {
  const folder = new URL(".", document.URL).href; // errors of a browser's extensions are not ours
  if (target.tagName === "LINK" && target.rel === "stylesheet") {
    fetchAnew(target.href);
    pageIsRead().then(() => styleFailed(target));
  } else if (!running && (target.tagName === "SCRIPT" || filename?.startsWith(folder))) {
    pageIsRead().then(() => scriptFailed("script-missing"));
  }
}

/** Until the style sheet is there or given up, browsers show nothing. */
function styleTooLate() {
  const style = document.querySelector("link[rel=stylesheet]");
  if (!style || style.sheet) return;
  style.remove();
  pageIsRead().then(() => tell("style-missing"));
}

function styleFailed(link) {
  if (!fromFolder()) return tell("style-missing");
  link.removeAttribute("integrity"); // which browsers cannot check there
  link.replaceWith(link.cloneNode());
}

function scriptFailed(why) {
  clearTimeout(tooLate);
  root.dataset.python = "failed";
  if (byId("page-cut") && !byId(LAST)) why = "page-cut";
  if (fromFolder()) {
    byId("from-folder").querySelector("a").hash = location.hash;
    why = "from-folder";
  }
  const said = tell(why).cloneNode(true);
  if (!byId("retry")) return; // the page did not come so far
  beforeFailure ??= [...byId("python-status").childNodes];
  byId("python-status").replaceChildren(...said.childNodes);
  byId("python-progress").hidden = true;
  byId("retry").hidden = fromFolder(); // where it would be in vain
  byId("retry").onclick = retry;
}

/** The page's own script has begun, in time or not: from now on it says what fails. */
function takenOver() {
  running = true;
  clearTimeout(tooLate);
  if (byId("script-late")) byId("script-late").hidden = true;
  byId("retry").onclick = null;
}

function tell(what) {
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

/** Whether the page was opened by double click, and is not the one that is made for that. */
function fromFolder() {
  return location.protocol === "file:" && byId("from-folder") !== null;
}
