// The clips: the sandbox's own views playing scripted moments of real numbers, computed by py/ at build time.
//
// A clip is a scene (views) and its moments: { caption, show() }. Showing a moment never depends on the one before.

import { phrase, say } from "../words/say.js";
import { bars } from "./bars.js";
import { element, percent, setText } from "./element.js";
import { averageLoss, lossColumns } from "./loss.js";
import { model } from "./model.js";
import { strip } from "./strip.js";
import { tokenList } from "./tokens.js";

const PACE = 2200; // ms a moment

/** What each clip shows, from pictures as py/lesson.py's show() makes them: { node, moments }. */
const scenes = {
  forward({ positions }) {
    const tokens = tokenList();
    const names = positions.map(({ token }) => token);
    const distribution = bars(say("probabilities"));
    const node = pipeline([tokens.node], [distribution.node]);
    const moments = positions.map(({ token, candidates: [best] }, i) => ({
      caption: phrase(i === 0 ? "clip_forward_first" : "clip_forward", { token, best: best.token, p: percent(best.p) }),
      show() {
        tokens.update(names, i);
        distribution.update(positions[i]);
      },
    }));
    return { node, moments };
  },

  loss(picture) {
    const { positions, mean_nll } = picture;
    const columns = lossColumns(() => {});
    const average = averageLoss();
    const node = pipeline([], [columns.node, average.node], "stacked");
    average.update(picture);
    const moments = positions.map((position, i) => ({
      caption: phrase(position.right ? "clip_loss_right" : "clip_loss_wrong", {
        token: position.token,
        guess: position.guess,
        true: position.true,
        p: percent(position.p_true),
        nll: position.nll.toFixed(2),
      }),
      show() {
        columns.update(picture, i, i + 1);
        average.node.classList.add("unknown");
      },
    }));
    moments.push({
      caption: phrase("clip_loss_average", { average: mean_nll.toFixed(3), count: positions.length }),
      show() {
        columns.update(picture, -1);
        average.node.classList.remove("unknown");
      },
    });
    return { node, moments };
  },

  sample({ draws }) {
    const tokens = tokenList();
    const line = strip();
    const distribution = bars(say("probabilities"));
    const node = pipeline([tokens.node], [line.node, distribution.node]);
    const moments = draws.flatMap((draw, i) => {
      const before = ["START", ...draws.slice(0, i).map(({ token }) => token)];
      const after = [...before, draw.token];
      const told = { number: draw.number.toFixed(4), token: draw.token, p: percent(draw.p) };
      const appended = draw.stops ? "clip_sample_stop" : draw.from_other ? "clip_sample_hidden" : "clip_sample_append";
      return [
        {
          caption: phrase(draw.from_other ? "clip_sample_other" : "clip_sample_draw", told),
          show() {
            tokens.update(before, i, 1);
            line.update(draw, draw);
            distribution.update(draw, { token: draw.token, note: say("drawn") });
          },
        },
        {
          caption: phrase(appended, { token: draw.token, text: after.slice(1, draw.stops ? -1 : undefined).join("") }),
          show() {
            const next = draws[i + 1] ?? draw;
            tokens.update(after, i + 1, 1);
            line.update(next, draw.stops ? draw : null);
            distribution.update(next, draw.stops ? { token: draw.token, note: say("drawn") } : null);
          },
        },
      ];
    });
    return { node, moments };
  },
};

/** Characters, MODEL, and what comes out. To a screen reader a clip is its captions: the scene is a picture. */
function pipeline(inputs, outputs, kind = "") {
  const stage = (children) => element("div.stage", {}, ...children);
  const node = element("div.scene", { "aria-hidden": "true", inert: "" });
  if (kind) node.classList.add(kind);
  if (inputs.length) node.append(stage(inputs));
  node.append(model(), stage(outputs));
  return node;
}

/** The last moment of a clip, as it stands in the page before anything moves, and where nothing does. */
export function still(kind, picture) {
  const { node, moments } = scenes[kind](picture);
  moments.at(-1).show();
  return node;
}

/** Every moment's caption: the text that stands for the clip. */
export function captions(kind, picture) {
  return scenes[kind](picture).moments.map(({ caption }) => caption);
}

/** Make the figure play: its scene moves, and controls to play, pause, step and scrub appear. */
export function clip(figure, kind, picture) {
  const { node, moments } = scenes[kind](picture);
  figure.querySelector(".scene").replaceWith(node);
  const last = moments.length - 1;
  let at = last;
  let timer = null;

  const play = element("button.primary", { type: "button", onclick: () => (timer ? pause() : start()) });
  const back = element("button", { type: "button", "aria-label": say("clip_back"), onclick: () => go(at - 1) }, "◂");
  const on = element("button", { type: "button", "aria-label": say("clip_on"), onclick: () => go(at + 1) }, "▸");
  const scrub = element("input", { type: "range", min: 0, max: last, step: 1, "aria-label": say("clip_moment") });
  scrub.addEventListener("input", () => go(scrub.valueAsNumber));
  const caption = element("p.moment");
  figure.querySelector(".player").replaceChildren(caption, element("div.controls", {}, play, back, on, scrub));

  function show(moment) {
    const forwards = moment === at + 1 || (moment === 0 && at === last);
    at = moment;
    node.classList.remove("entering");
    moments[at].show();
    if (forwards) {
      void node.offsetWidth; // so that the motion starts anew
      node.classList.add("entering");
    }
    scrub.value = at;
    scrub.setAttribute("aria-valuetext", moments[at].caption);
    setText(caption, moments[at].caption);
    back.disabled = at === 0;
    on.disabled = at === last;
  }

  function label(word) {
    setText(play, say(word));
    play.setAttribute("aria-label", say(`${word}_name`));
  }

  function go(moment) {
    pause();
    show(moment);
  }

  function start() {
    clearInterval(timer);
    show(at === last ? 0 : at + 1);
    timer = setInterval(() => (at === last ? pause() : show(at + 1)), PACE);
    caption.setAttribute("aria-live", "off"); // a moment every two seconds is too much to listen to
    label("clip_pause");
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    caption.setAttribute("aria-live", "polite");
    label("clip_play");
  }

  show(last);
  pause();
  playWhileSeen(figure, start, pause);
}

/** Start once the clip comes into view, unless motion is unwelcome or the person was faster; stop when it leaves. */
function playWhileSeen(figure, start, pause) {
  let mayStart = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const kind of ["focusin", "click"]) {
    figure.querySelector(".player").addEventListener(kind, () => (mayStart = false), { once: true });
  }
  new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (isIntersecting && mayStart) {
        mayStart = false;
        start();
      } else if (!isIntersecting) pause();
    },
    { threshold: 0.6 },
  ).observe(figure.querySelector(".scene"));
}
