// Stands in the page's head and runs before anything is painted and before any other file is there.

import { remembered } from "./views/theme.js";

// The theme, so that the page does not flash.
document.documentElement.dataset.theme = remembered();

// If the page's own script or style sheet is not to be had, nobody else is there to say so.
addEventListener("error", ({ target, filename }) => {
  const isScript = target.tagName === "SCRIPT" || filename?.endsWith("/main.js");
  if (target.tagName === "LINK" && target.rel === "stylesheet") whenRead(() => tell("style"));
  else if (isScript && document.documentElement.dataset.python === "loading") whenRead(scriptFailed);
}, true);

function tell(what) {
  const line = document.getElementById("broken");
  line.textContent = line.dataset[what];
  line.hidden = false;
}

function scriptFailed() {
  tell("script");
  document.documentElement.dataset.python = "failed";
  document.getElementById("python-status").textContent = document.getElementById("broken").textContent;
  document.getElementById("python-progress").hidden = true;
  const retry = document.getElementById("retry");
  retry.hidden = false;
  retry.addEventListener("click", () => location.reload());
}

function whenRead(act) {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", act);
  else act();
}
