// The challenges: the person changes the file, and Python tries what it does now.

import { element, setText, worded } from "../views/element.js";
import { speak } from "../words/phrase.js";
import ownWords from "../words/en/challenges.json";
import labWords from "../words/en/lab.json";
import { cardList } from "./cards.js";

const TRIES = 2; // that come to nothing before there is a solution to be seen
const { say } = speak(labWords);

/** lab: { edit, kept, apply(id, patch), undo(), isApplied(id) }, see lab.js. Returns { node, update() }. */
export function challenges(lab) {
  // CHALLENGES is put in by the build: [{ id, start, solution }, …] (see building/challenges.py).
  return cardList(CHALLENGES.map((challenge) => card(challenge, lab)));
}

function card({ id, start, solution }, { edit, kept, apply, undo, isApplied }) {
  const { phrase, say: told } = speak(ownWords[id]);
  const hints = ownWords[id].hints;
  const says = speak({ ...ownWords.any.says, ...ownWords[id].says });
  const mark = element("span.mark");
  const said = element("p.tried", { role: "status" });
  const button = (word, onclick, kind = "button") => element(kind, { type: "button", onclick }, say(word));
  const begins = button("begin", begin);
  const checks = button("check", check, "button.primary");
  const helps = button("hint", () => count("hints"));
  const solves = button("solution", solve);
  const undoes = button("undo", takeBack);
  const shown = element("ol.hints", { "aria-label": say("hints") });
  const node = element(
    "details.card",
    { name: "challenge", id: `challenge-${id}` },
    element("summary", {}, told("title"), " ", mark),
    worded("p", phrase("task")),
    element("p.ways", {}, begins, checks, helps, solves, undoes),
    shown,
    said,
  );

  function count(what) {
    const counts = kept.get()[what];
    kept.put({ [what]: { ...counts, [id]: number(counts[id]) + 1 } });
    update();
  }

  async function begin() {
    setText(said, "");
    await apply(id, start);
    update();
  }

  async function solve() {
    await apply(id, [...start, ...solution]);
    setText(said, say("solution_shown"));
    update();
  }

  async function takeBack() {
    setText(said, "");
    await undo();
    update();
  }

  async function check() {
    if (edit.text() === edit.original) return setText(said, say("unchanged"));
    checks.disabled = true;
    setText(said, say("checking"));
    try {
      setText(said, await tried());
    } finally {
      checks.disabled = false;
      update();
    }
  }

  /** What is said of the file as it stands. */
  async function tried() {
    if (!(await edit.run())) {
      count("tries");
      return say("does_not_run");
    }
    try {
      const { done, key, values } = await edit.ask("check", id);
      if (done) kept.put({ done: { ...kept.get().done, [id]: true } });
      else count("tries");
      return says.phrase(key, values);
    } catch (error) {
      return error.name === "Ended" ? say("stopped") : error.message;
    }
  }

  function update() {
    const { done, hints: asked, tries } = kept.get();
    const few = hints.slice(0, number(asked[id]));
    for (let i = shown.children.length; i < few.length; i++) shown.append(worded("li", speak(hints).phrase(i)));
    helps.disabled = few.length === hints.length;
    begins.hidden = start.length === 0;
    solves.hidden = number(tries[id]) < TRIES && done[id] !== true;
    undoes.hidden = !isApplied(id);
    setText(mark, done[id] === true ? say("mark_done") : "");
  }

  update();
  return { node, update };
}

const number = (count) => (Number.isInteger(count) && count > 0 ? count : 0);
