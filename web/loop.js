// The loop: what the person chooses goes to Python, what Python answers goes to the rooms, which draw it.

import { answersAhead } from "./ahead.js";
import { newest } from "./python/newest.js";
import { lastWords } from "./python/protocol.js";
import { START } from "./state.js";
import { plain } from "./words/characters.js";
import { phrase, say } from "./words/say.js";

const AS_IT_CAME = { edit: null, weights: null };

/**
 * Keep the rooms showing what the state asks for: with the pictures built into the page first, then with Python's own.
 *
 * A room's update(seen) is called after every change. seen: { state, picture: the last answer of py/lesson.py's show(),
 * position: the one to look at, text: what a text field shows, typed: how many characters of it were typed, live:
 * whether Python computed the picture in this page, edit: the edit that did, null for the original, weights: those it was
 * computed with, null for those that came with the page, compared: what the original answers to the same question, if an
 * edit did, trouble: why it could not answer a later one, stale: whether
 * something newer is on its way or failed, note: a sentence on where the numbers come from, "" when there is nothing to
 * say, python: the original's last report (see python/client.js) }.
 *
 * model: see in_use.js. Returns { hear(report) }, to be called with each.
 */
export function runLoop({ model, state, built, rooms }) {
  let picture = built[0]; // Python's last answer, and before it one made at build time
  let answered = { ...START, text: picture.text }; // the question that the picture answers, and by: whom it was put to
  let asked = null; // the question put to Python last
  let other = null; // { question, answer } of the original to the question that an edit has been asked, too
  let report = { phase: "loading" };
  let note = "";
  let trouble = null; // what an edit could not answer
  let [text, typed] = ["", 0];

  const asArguments = ({ text, temperature, seed, draws }) => [text, temperature, seed, draws];
  const show = (call) => (question) => call("show", ...asArguments(question));
  const ahead = answersAhead(show(model.original));
  const ask = newest(
    show(model.call),
    (answer, question) => {
      if (!isOf(question.by, model.by())) return; // which has been left meanwhile
      if (isAsItCame(question.by)) ahead.keep(question, answer);
      if (answered !== asked) take(answer, question); // or else a later question has been answered at once
    },
    (error, question) => {
      if (error.name === "Ended" || !isOf(question.by, model.by())) return;
      if (question.by.edit) trouble = error;
      draw(question.by.edit ? "" : say("call_failed", { message: lastWords(error.message) }));
    },
  );
  const compare = newest(
    ({ question, shown }) => model.original("show_beside", shown, ...asArguments(question)),
    (answer, { question }) => {
      other = { answer, question };
      draw();
    },
    () => {}, // then there is nothing to compare with
  );

  /** Ask Python, unless it has answered that ahead. Returns whether it has. */
  function put(question) {
    asked = { ...question, by: model.by() };
    const answer = isAsItCame(asked.by) ? ahead.answer(asked) : null;
    if (answer) take(answer, asked);
    else ask(asked);
    if (isCompared(asked.by)) compare({ question: asked, shown: [] });
    return Boolean(answer);
  }

  function take(answer, question) {
    picture = answer;
    answered = question;
    trouble = null;
    if (isCompared(question.by)) compare({ question, shown: [...answer.positions, answer.next].map(withBars) });
    // If the person has gone on meanwhile, the text field and the link are further than this answer.
    if (sameQuestion(question, state.get())) {
      fill(answer.text, question.text);
      // Draws that were asked for after the end do not exist; the link should not claim them. While the model learns, the
      // end may be elsewhere the next moment.
      if (answer.draws.length < question.draws.length && !question.by.weights?.learning) {
        state.correct({ draws: question.draws.slice(0, answer.draws.length) });
      }
      if (isAsItCame(question.by)) ahead.goOn(question, answer); // what an edit prints should be about what was asked
    }
    draw();
  }

  /** The state is another one: show what can be shown of it now, and ask Python for the rest. */
  function changed(now) {
    // What was drawn after it only Python knows, and it may not be there yet.
    if (now.draws.length === 0 || !picture.text.startsWith(now.text)) fill(now.text, now.text);
    if (!isReady() && !sameQuestion(now, answered)) {
      const known = built.find(({ text }) => sameQuestion(now, { ...START, text }));
      if (known) [picture, answered] = [known, now];
    }
    const drawn = isReady() && !sameQuestion(now, asked) && put(now);
    if (!drawn) draw();
  }

  /** Another model is in use, or on its way. first: what it has been asked and has answered. */
  function another(first) {
    fit();
    if (asked?.by !== model.by()) {
      ahead.forget();
      trouble = null;
      const now = state.get();
      if (first && sameQuestion(first.question, now)) {
        asked = { ...now, by: model.by() };
        take(first.answer, asked);
      } else if (isReady()) put(now);
    }
    draw();
  }

  /** Of the text, only what the weights in use have letters for can stay. */
  function fit() {
    const { text } = state.get();
    const vocabulary = model.vocabulary();
    const known = [...plain(text, vocabulary)].filter((character) => vocabulary.includes(character)).join("");
    if (known !== text) state.correct({ text: known, draws: [], position: null });
  }

  const isReady = () => model.edit() !== null || report.phase === "ready";

  function fill(whole, start) {
    text = whole;
    typed = [...start].length;
  }

  function draw(failure = "") {
    const now = state.get();
    const last = picture.positions.length - 1;
    const live = !built.includes(picture);
    const replaced = trouble?.told?.distribution; // a room says so where the picture would be
    const { edit, weights } = (replaced ? model.by() : answered.by) ?? AS_IT_CAME;
    const waiting = !sameQuestion(now, answered) && (!live || !isReady());
    if (failure) note = failure;
    else if (trouble) note = `${trouble.message} ${say("picture_before")}`;
    else if (model.awaited()) note = say("edit_starts");
    else if (waiting) note = phrase("waiting_numbers", { text: picture.text });
    else note = live ? "" : say("built_numbers");
    const position = Math.min(now.position ?? last, last);
    const original = edit && !weights && other?.question === answered ? other.answer : null;
    const compared = original?.text === picture.text ? original : null; // what was drawn may differ
    const stale = model.awaited() || trouble !== null;
    const seen = { picture, position, text, typed, live, edit, weights, compared, trouble, stale, note };
    for (const room of rooms) room.update({ ...seen, state: now, python: report });
  }

  state.listen(changed);
  model.watch(({ first }) => another(first));
  fit();
  changed(state.get());
  return {
    hear(latest) {
      const goesOn = latest.phase === report.phase && latest.phase === "loading";
      report = latest;
      if (goesOn) return; // the progress is nothing to the rooms
      if (report.phase !== "ready") {
        ahead.forget();
        model.startsAnew();
      }
      if (isReady()) put(state.get());
      draw();
    },
  };
}

/** The tokens that have a bar of their own in a distribution: "other" is made of the rest. */
function withBars(distribution) {
  if (!distribution) return [];
  const { candidates, other } = distribution;
  return candidates.slice(0, candidates.length - other.count).map(({ token }) => token);
}

/** Whether what was put to these is still an answer: while a model learns, that of a moment ago is. */
function isOf(before, now) {
  return before.edit === now.edit && !before.weights === !now.weights;
}

function isAsItCame({ edit, weights }) {
  return !edit && !weights;
}

/** Whether it is compared with the original as it came: with other weights there is nothing to learn from that. */
function isCompared({ edit, weights }) {
  return edit !== null && !weights;
}

/** Whether Python would give the same answer: another mode or position is another view of it. */
function sameQuestion(a, b) {
  return ["text", "temperature", "seed", "draws"].every((name) => `${a[name]}` === `${b?.[name]}`);
}
