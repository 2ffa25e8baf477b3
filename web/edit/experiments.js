// The experiments: the reader says first what will come of a change, then it is applied, and seen.

import { element, setText, worded } from "../views/element.js";
import { speak } from "../words/phrase.js";
import ownWords from "../words/en/experiments.json";
import labWords from "../words/en/lab.json";
import { cardList } from "./cards.js";

const { say } = speak(labWords);

/** lab: { kept, apply(id, patch), undo(), look(link), isApplied(id) }, see lab.js. Returns { node, update() }. */
export function experiments(lab) {
  // EXPERIMENTS is put in by the build: [{ id, patch, look, answer, values }, …] (see building/experiments.py).
  return cardList(EXPERIMENTS.map((experiment) => card(experiment, lab)));
}

function card({ id, patch, look, answer, values }, { kept, apply, undo, look: lookAt, isApplied }) {
  const { phrase, say: told } = speak(ownWords[id]);
  const choices = speak(ownWords[id].choices);
  const mark = element("span.mark");
  const applies = element("button.primary", {}, say("apply"));
  const form = element(
    "form",
    {},
    element(
      "fieldset",
      {},
      worded("legend", phrase("question")),
      ...Object.keys(ownWords[id].choices).map((choice) => {
        const input = element("input", { type: "radio", name: `expected-${id}`, value: choice, required: "" });
        return element("label", {}, input, " ", worded("span", choices.phrase(choice)));
      }),
    ),
    applies,
  );
  const verdict = element("p");
  const right = worded("p", choices.phrase(answer));
  const again = element("button", { type: "button", onclick: () => undo() }, say("undo"));
  const result = element(
    "div.result",
    { tabindex: "-1", hidden: "" },
    verdict,
    right,
    worded("p", phrase("why", values)),
    worded("p", phrase("look")),
    element("p.ways", {}, element("button", { type: "button", onclick: () => lookAt(look) }, say("look_there")), again),
  );
  const node = element(
    "details.card",
    { name: "experiment", id: `experiment-${id}` },
    element("summary", {}, told("title"), " ", mark),
    worded("p", phrase("about")),
    form,
    result,
  );

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choice = new FormData(form).get(`expected-${id}`);
    applies.disabled = true;
    lookAt(look);
    await apply(id, patch);
    applies.disabled = false;
    kept.put({ answers: { ...kept.get().answers, [id]: choice } }); // now, and not before, it is seen who was right
    update();
    result.focus({ preventScroll: true });
    result.scrollIntoView({ block: "nearest" });
  });

  function update() {
    const said = kept.get().answers[id];
    const known = Object.hasOwn(ownWords[id].choices, said ?? "");
    result.hidden = !known;
    again.hidden = !isApplied(id);
    if (!known) return;
    form.querySelector(`[value="${said}"]`).checked = true;
    setText(verdict, say(said === answer ? "foreseen" : "otherwise"));
    right.hidden = said === answer;
    setText(mark, say(said === answer ? "mark_foreseen" : "mark_otherwise"));
  }

  update();
  return { node, update };
}
