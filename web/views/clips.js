// The clips: the sandbox's own views playing scripted moments of real numbers, computed by py/ at build time.
//
// A clip is a scene (views) and its moments: { caption, show() }. Showing a moment never depends on the one before.

import { phrase, say } from "../words/say.js";
import { axisFor } from "./axis.js";
import { bars } from "./bars.js";
import { costs, costsOf, verdictSentence } from "./costs.js";
import { element } from "./element.js";
import { gameTable } from "./game.js";
import { learningCurve } from "./learning.js";
import { lossPicture } from "./loss.js";
import { model } from "./model.js";
import { averageMoment, drawMoment, forwardMoment, lossMoment } from "./moments.js";
import { player } from "./player.js";
import { strip } from "./strip.js";
import { tokenList } from "./tokens.js";

/** What each clip shows, from pictures as py/lesson.py's show() and building/figures.py make them: { node, moments }. */
const scenes = {
  forward({ positions }) {
    const tokens = tokenList();
    const names = positions.map(({ token }) => token);
    const distribution = bars(say("probabilities"));
    const axis = axisFor(positions);
    const node = pipeline([tokens.node], [distribution.node]);
    const moments = positions.map((position, i) => ({
      caption: forwardMoment(position, i),
      show() {
        tokens.update(names, i);
        distribution.update(position, null, axis);
      },
    }));
    return { node, moments };
  },

  loss(picture) {
    const { positions } = picture;
    const losses = lossPicture(() => {});
    const node = pipeline([], [losses.node], "stacked");
    const moments = positions.map((position, i) => ({
      caption: lossMoment(position),
      show: () => losses.update(picture, i, i + 1),
    }));
    moments.push({ caption: averageMoment(picture), show: () => losses.update(picture, -1) });
    return { node, moments };
  },

  sample({ draws }) {
    const tokens = tokenList();
    const line = strip();
    const distribution = bars(say("probabilities"));
    const axis = axisFor(draws);
    const node = pipeline([tokens.node], [line.node, distribution.node]);
    const moments = draws.flatMap((draw, i) => {
      const before = ["START", ...draws.slice(0, i).map(({ token }) => token)];
      const after = [...before, draw.token];
      const appended = draw.stops ? "moment_stop" : draw.from_other ? "moment_hidden" : "moment_append";
      return [
        {
          caption: drawMoment(draw),
          show() {
            tokens.update(before, i, 1);
            line.update(draw, draw);
            distribution.update(draw, { token: draw.token, note: say("drawn") }, axis);
          },
        },
        {
          caption: phrase(appended, { token: draw.token, text: after.slice(1, draw.stops ? -1 : undefined).join("") }),
          show() {
            const next = draws[i + 1] ?? draw;
            tokens.update(after, i + 1, 1);
            line.update(next, draw.stops ? draw : null);
            distribution.update(next, draw.stops ? { token: draw.token, note: say("drawn") } : null, axis);
          },
        },
      ];
    });
    return { node, moments };
  },

  /** The example move of the game: chips are laid, and then it is revealed what they cost. */
  game({ text, tokens, steps, judged, n }) {
    const table = gameTable({ tokens, n });
    const paid = costs();
    const node = element("div.scene.stacked", { "aria-hidden": "true", inert: "" }, table.node, paid.node);
    const last = steps.at(-1);
    const moment = (caption, step, bet = {}) => ({
      caption,
      show() {
        table.update({ text: [...text], chips: step.chips, spread: step, ...bet });
        paid.update({ judged, chips: last.chips, tokens, n });
        paid.node.classList.toggle("unknown", !bet.judged);
      },
    });
    const kept = n - last.chips.reduce((sum, count) => sum + count, 0);
    const laid = steps.slice(1).map((step, i) => {
      const at = step.chips.findIndex((count, token) => count !== steps[i].chips[token]);
      return moment(phrase("moment_lay", { token: tokens[at], count: step.chips[at] }), step);
    });
    const moments = [
      moment(phrase("moment_bet", { tokens: ["START", ...text], n }), steps[0]),
      ...laid,
      moment(phrase("moment_keep", { count: kept, n_tokens: tokens.length }), last),
      moment(verdictSentence(judged), last, { judged }),
      moment(phrase("moment_costs", costsOf(judged)), last, { judged }),
    ];
    return { node, moments };
  },

  /** The first steps of training, as building/first_steps.py makes them. */
  train(learned) {
    const { moments, guessing, after } = learned;
    const curve = learningCurve(learned);
    const names = element("ul.names");
    const tokens = tokenList();
    tokens.update(["START", ...after], after.length);
    const distribution = bars(say("probabilities"));
    const axis = axisFor(moments.map(({ position }) => position));
    const node = element("div.scene.learning", { "aria-hidden": "true", inert: "" });
    node.append(element("div.stage", {}, curve.node, names), element("div.stage", {}, tokens.node, distribution.node));
    const shown = moments.map((moment, i) => {
      const kind = i === 0 ? "first" : i === moments.length - 1 ? "last" : moment.step === 1 ? "one" : "more";
      const { step, text, mean, position } = moment;
      const [best] = position.candidates;
      const told = { step, text, mean, guessing, after, best: best.token, p: best.p, names: moment.names.join(", ") };
      return {
        caption: phrase(`moment_train_${kind}`, told),
        show() {
          curve.update(moment);
          names.replaceChildren(...moment.names.map((name) => element("li.notranslate", { translate: "no" }, name)));
          distribution.update(position, null, axis);
        },
      };
    });
    return { node, moments: shown };
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

/** Make the figure play: its scene moves, and controls to watch, step and scrub appear. */
export function clip(figure, kind, picture) {
  const { node, moments } = scenes[kind](picture);
  const last = moments.length - 1;
  const controls = player({ scene: node, name: "clip", choose });
  figure.querySelector(".scene").replaceWith(node);
  figure.querySelector(".player").replaceWith(controls.node);

  function choose(i) {
    node.classList.add("moved"); // from here on it is not the still
    show(i);
  }

  function show(i) {
    moments[i].show();
    controls.update(i, last, moments[i].caption);
  }

  show(last);
  startOnceSeen(node, controls);
}

/** Start once the clip comes into view, unless motion is unwelcome or the person was faster; stop when it leaves. */
function startOnceSeen(scene, controls) {
  let mayStart = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const kind of ["focusin", "click"]) {
    controls.node.addEventListener(kind, () => (mayStart = false), { once: true });
  }
  new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (isIntersecting && mayStart) {
        mayStart = false;
        controls.start();
      } else if (!isIntersecting) controls.stop();
    },
    { threshold: 0.6 },
  ).observe(scene);
}
