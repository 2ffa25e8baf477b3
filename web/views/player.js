// The player: shows one moment after the other, by itself, step by step, or wherever it is scrubbed to.

import { say as saysPage } from "../words/say.js";
import { element, setText } from "./element.js";

const PACE = 2200; // ms a moment

/**
 * scene: what moves. name: of what is played, for the words of its button; say: where they stand, if not among the page's
 * own. choose(moment): that moment is to be seen, which has to end in an update(). pace: ms a moment. Returns
 * { node, update(moment, last, caption), start(), stop(), watching() }.
 */
export function player({ scene, name, choose, say = saysPage, pace = PACE }) {
  let at = null; // the moment that is shown
  let end = 0; // the last one
  let timer = null;
  let moving = false; // whether it is the player that changes the moment

  const watch = element("button.primary", { type: "button", onclick: () => (timer ? stop() : start()) });
  const back = element("button", { type: "button", "aria-label": say("step_back"), onclick: () => step(at - 1) }, "◂");
  const on = element("button", { type: "button", "aria-label": say("step_on"), onclick: () => step(at + 1) }, "▸");
  const scrub = element("input", { type: "range", min: 0, step: 1, "aria-label": say("moment") });
  scrub.addEventListener("input", () => step(scrub.valueAsNumber));
  const words = element("p.moment");
  const node = element("div.player", {}, words, element("div.controls", {}, watch, back, on, scrub));

  function go(moment) {
    moving = true;
    choose(moment);
    moving = false;
  }

  function step(moment) {
    stop();
    go(moment);
  }

  function start() {
    clearInterval(timer);
    timer = setInterval(() => go(at + 1), pace);
    seen.start();
    label("pause_watching");
    go(at === end ? 0 : at + 1);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    seen.stop();
    label("watch");
  }

  function label(word) {
    setText(watch, say(word));
    watch.setAttribute("aria-label", say(`${word}_${name}`));
  }

  const seen = whileSeen(node, stop);
  stop();
  return {
    node,
    start,
    stop,
    watching: () => timer !== null,
    /** Where it stands now. At its end, and when somebody else moved it, there is nothing more to watch. */
    update(moment, last, caption) {
      if (moment === last || !(moving || moment === at)) stop();
      const forwards = moving && (moment === at + 1 || (moment === 0 && at === end));
      if (moment !== at) scene.classList.remove("entering");
      if (forwards) {
        void scene.offsetWidth; // so that the motion starts anew
        scene.classList.add("entering");
      }
      [at, end] = [moment, last];
      scrub.setAttribute("max", last);
      scrub.setAttribute("value", moment);
      scrub.value = moment;
      scrub.setAttribute("aria-valuetext", caption);
      setText(words, caption);
      back.disabled = at === 0;
      on.disabled = at === last;
      watch.disabled = last === 0;
    },
  };
}

/** Once started, stop() is called when neither the controls nor what stands around them can be seen any longer. */
function whileSeen(node, stop) {
  let observer = null;
  return {
    start() {
      observer ??= new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || stop());
      observer.observe(node.parentElement);
    },
    stop() {
      observer?.disconnect();
    },
  };
}
