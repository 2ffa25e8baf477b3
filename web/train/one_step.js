// Watch one step: a real step of the run, told slowly. Forward, loss, gradient, update, and the loss after it; the numbers
// are those of py/one_step.py, and the lines of code that made them stand beside.

import { element, setText } from "../views/element.js";
import { player } from "../views/player.js";
import { tokenList } from "../views/tokens.js";
import { formula } from "./formula.js";
import { otherUpdate, stepAdam } from "./step_adam.js";
import { stepAverage } from "./step_average.js";
import { stepCode } from "./step_code.js";
import { stepMatrix } from "./step_matrix.js";
import { caption, momentsOf, STAGES } from "./step_moments.js";
import { stepPlace } from "./step_place.js";
import { stepPositions } from "./step_positions.js";
import { stepUses } from "./step_uses.js";
import { stepWeight } from "./step_weight.js";
import { phrase, say } from "./step_words.js";

const PACE = 7000; // ms a moment: there is something to read at each

/**
 * ask(method, …): of the worker that has the run: "watch_step", which makes its next step, and "watch_weight", which tells the
 * same step of another weight (see py/trainer.py). Returns { node, watch(): make the next step, and tell it, update({ standing:
 * whichever run it is, null for none, step: how many of its steps are done, busy: whether no step can be made now, edited:
 * whether the code is somebody's own }) }.
 */
export function oneStep({ ask }) {
  let told = null; // the step that is on the screen, as py/one_step.py tells it
  let moments = [];
  let at = 0; // which of them is shown
  let wanted = null; // the weight that the person has chosen to follow; null: the one with the largest gradient
  let asked = 0; // counts the questions: an answer to an earlier one comes too late
  let waiting = false;
  let cameFrom = null; // what had the focus before
  let seen = { standing: null, step: 0, busy: false, edited: false };
  let of = null; // the standing of the run whose step it is

  const heading = element("h3", { tabindex: -1 });
  const next = element("button", { type: "button", onclick: watch }, say("next"));
  const close = element("button", { type: "button", onclick: leave }, say("close"));
  const status = element("p.step-said", { role: "status" });
  const ear = element("p.sr-only", { role: "status" });
  const steps = STAGES.map((stage) =>
    element(
      "button",
      { type: "button", onclick: () => go(moments.findIndex((each) => each.stage === stage)) },
      name(stage),
    ),
  );
  const stages = element("ol.stages", { "aria-label": say("stages") }, ...steps.map((step) => element("li", {}, step)));

  const tokens = tokenList();
  const [positions, average, uses, adam, other, weight] = [
    ...[stepPositions(), stepAverage(), stepUses(), stepAdam(), otherUpdate(), stepWeight()],
  ];
  const matrix = stepMatrix((row, column) => follow({ matrix: told.parameter.matrix, row, column }));
  const place = stepPlace(follow);
  const which = element("p.which");
  const gradient = element("p.formula");
  const asks = element("p.asks");
  const [otherLoss, fixed, edited] = [
    element("p.warning"),
    element("p.hint"),
    element("p.hint", {}, say("edited_lines")),
  ];
  const backward = element(
    "div.backward",
    {},
    element("div", {}, place.node, fixed, gradient, uses.node, asks),
    matrix.node,
  );
  const code = stepCode();
  const shows = { tokens, positions, average, backward: { node: backward }, weight, adam, other };
  const picture = element(
    "div.step-shown",
    {},
    ...[tokens, which, weight, positions, average, backward, adam, other].map((part) => part.node ?? part),
    otherLoss,
  );
  const lines = element("div.step-lines", {}, code.node, edited);
  const scene = element("div.step-scene", {}, picture, lines);
  const controls = player({ scene, name: "step", choose: go, say, pace: PACE });
  const body = element("div.step-told", {}, stages, controls.node, scene);
  const node = element(
    "section.one-step",
    { hidden: "", "aria-label": say("watch_step") },
    element("div.step-head", {}, heading, element("div.controls", {}, next, close)),
    status,
    body,
    ear,
  );

  // ---- A step is made

  async function watch() {
    if (waiting) return;
    const isNew = node.hidden;
    if (isNew) cameFrom = document.activeElement;
    controls.stop();
    waiting = true;
    node.hidden = false;
    setText(status, say("waiting"));
    draw();
    const mine = ++asked;
    try {
      const answer = await ask("watch_step", wanted);
      if (mine !== asked) return;
      if (answer.watched) show(answer.watched);
      setText(status, answer.watched ? "" : say(answer.ended ? "failed" : "over"));
    } catch (error) {
      const isEnded = error.name === "Ended"; // whoever ended it says why
      setText(status, isEnded ? "" : error.message);
      if (isEnded && told === null) hide();
    } finally {
      waiting = false;
      draw();
    }
    heading.focus({ preventScroll: true });
    node.scrollIntoView({ block: isNew ? "start" : "nearest" });
  }

  function show(step) {
    told = step;
    of = seen.standing;
    moments = momentsOf(step);
    at = 0;
    announce();
  }

  /** Follow another weight of the same step. */
  async function follow(parameter) {
    const mine = ++asked;
    try {
      const answer = await ask("watch_weight", parameter);
      if (mine !== asked) return;
      if (answer) {
        wanted = parameter;
        const { name } = moments[at];
        told = answer;
        moments = momentsOf(told);
        at = Math.max(
          0,
          moments.findIndex((each) => each.name === name),
        );
      }
      setText(status, answer ? "" : say("gone"));
      announce();
    } catch (error) {
      if (mine === asked) setText(status, error.message);
    }
    draw();
  }

  function leave() {
    hide();
    cameFrom?.focus();
  }

  function hide() {
    controls.stop();
    asked++;
    told = null;
    node.hidden = true;
  }

  // ---- What is shown

  function go(moment) {
    at = moment;
    draw();
    announce();
  }

  function announce() {
    setText(ear, String(caption(moments[at].name, told)));
  }

  function draw() {
    next.disabled = seen.busy;
    body.hidden = told === null;
    setText(heading, told === null ? say("watch_step") : say("heading", { step: told.step }));
    if (told === null) return;
    const { stage, name } = moments[at];
    const isGone = seen.standing !== of || seen.step > told.step || waiting;
    steps.forEach((step, i) => {
      if (STAGES[i] === stage) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
      step.classList.toggle("passed", STAGES.indexOf(stage) > i);
    });
    Object.assign(scene.dataset, { stage, moment: name });
    const seenNow = PARTS[name] ?? [];
    for (const [part, { node }] of Object.entries(shows)) node.hidden = !seenNow.includes(part);
    tokens.update([...told.positions.map(({ token }) => token), told.positions.at(-1).true], told.positions.length + 1);
    positions.update(told, name);
    average.update(told);
    matrix.update(told);
    place.update(told, isGone);
    gradient.replaceChildren(say("gradient_is"), ...formula` = ${told.grad}`);
    gradient.hidden = name !== "backward";
    setText(asks, say(told.grad === 0 ? "asks_nothing" : told.grad < 0 ? "asks_up" : "asks_down"));
    uses.node.hidden = name !== "uses" || told.uses.length === 0;
    uses.update(told);
    weight.update(told);
    if (told.adam) adam.update(told, name);
    else other.update(told);
    setText(fixed, isGone && !waiting ? say("gone") : "");
    otherLoss.hidden = told.agrees.loss || name !== "average";
    setText(otherLoss, phrase("other_loss", told));
    edited.hidden = !seen.edited;
    code.update(seenNow.includes("adam") ? null : name);
    lines.hidden = stage === "update" && !seen.edited;
    setText(which, phrase("which", { place: nameOf(told.parameter) }));
    which.hidden = !["update", "after"].includes(stage);
    controls.update(at, moments.length - 1, caption(name, told));
  }

  return {
    node,
    watch,
    update(latest) {
      seen = latest;
      if (seen.standing === null && told) hide();
      draw();
    },
  };
}

/** What is shown at each moment. */
const PARTS = {
  tokens: ["tokens"],
  probs: ["tokens", "positions"],
  nll: ["positions"],
  average: ["positions", "average"],
  backward: ["backward"],
  uses: ["backward"],
  ...Object.fromEntries(["rate", "m", "v", "mean", "mean_square", "change"].map((name) => [name, ["adam"]])),
  other_update: ["other"],
  weight: ["weight"],
  after: ["weight", "positions"],
};

/** As Python would name it. */
const nameOf = ({ matrix, row, column }) => `${matrix}[${row}][${column}]`;

const name = (stage) => say(`stage_${stage}`);
