// The loop: what the person chooses goes to Python, what Python answers goes to the rooms, which draw it.

import { answersAhead } from "./ahead.js";
import { newest } from "./python/newest.js";
import { lastWords } from "./python/protocol.js";
import { START } from "./state.js";
import { phrase, say } from "./words/say.js";

/**
 * Keep the rooms showing what the state asks for: with the pictures built into the page first, then with Python's own.
 *
 * A room's update(seen) is called after every change. seen: { state, picture: the last answer of py/lesson.py's show(),
 * position: the one to look at, text: what a text field shows, typed: how many characters of it were typed, live:
 * whether Python computed the picture in this page, note: a sentence on where the numbers come from, "" when there is
 * nothing to say, python: its last report (see python/client.js) }. Returns { hear(report) }, to be called with each.
 */
export function runLoop({ python, state, built, rooms }) {
  let picture = built[0]; // Python's last answer, and before it one made at build time
  let answered = { ...START, text: picture.text }; // the question that the picture answers
  let asked = null; // the question put to Python last
  let report = { phase: "loading" };
  let note = "";
  let [text, typed] = ["", 0];

  const call = ({ text, temperature, seed, draws }) => python.call("show", text, temperature, seed, draws);
  const ahead = answersAhead(call);
  const ask = newest(
    call,
    (answer, question) => {
      ahead.keep(question, answer);
      if (answered !== asked) take(answer, question); // or else a later question has been answered at once
    },
    (error) => {
      if (error.name !== "Ended") draw(say("call_failed", { message: lastWords(error.message) }));
    },
  );

  /** Ask Python, unless it has answered that ahead. Returns whether it has. */
  function put(question) {
    asked = { ...question };
    const answer = ahead.answer(asked);
    if (answer) take(answer, asked);
    else ask(asked);
    return Boolean(answer);
  }

  function take(answer, question) {
    picture = answer;
    answered = question;
    // If the person has gone on meanwhile, the text field and the link are further than this answer.
    if (sameQuestion(question, state.get())) {
      show(answer.text, question.text);
      // Draws that were asked for after the end do not exist; the link should not claim them.
      if (answer.draws.length < question.draws.length) {
        state.correct({ draws: question.draws.slice(0, answer.draws.length) });
      }
      ahead.goOn(question, answer);
    }
    draw();
  }

  /** The state is another one: show what can be shown of it now, and ask Python for the rest. */
  function changed(now) {
    // What was drawn after it only Python knows, and it may not be there yet.
    if (now.draws.length === 0 || !picture.text.startsWith(now.text)) show(now.text, now.text);
    if (!isReady() && !sameQuestion(now, answered)) {
      const known = built.find(({ text }) => sameQuestion(now, { ...START, text }));
      if (known) [picture, answered] = [known, now];
    }
    const drawn = isReady() && !sameQuestion(now, asked) && put(now);
    if (!drawn) draw();
  }

  const isReady = () => report.phase === "ready";

  function show(whole, start) {
    text = whole;
    typed = [...start].length;
  }

  function draw(trouble = "") {
    const now = state.get();
    const last = picture.positions.length - 1;
    const live = !built.includes(picture);
    const waiting = !sameQuestion(now, answered) && (!live || !isReady());
    if (trouble) note = trouble;
    else if (waiting) note = phrase("waiting_numbers", { text: picture.text });
    else note = live ? "" : say("built_numbers");
    const position = Math.min(now.position ?? last, last);
    for (const room of rooms) room.update({ state: now, picture, position, text, typed, live, note, python: report });
  }

  state.listen(changed);
  changed(state.get());
  return {
    hear(latest) {
      const goesOn = latest.phase === report.phase && latest.phase === "loading";
      report = latest;
      if (goesOn) return; // the progress is nothing to the rooms
      if (!isReady()) ahead.forget();
      if (isReady()) put(state.get());
      draw();
    },
  };
}

/** Whether Python would give the same answer: another mode or position is another view of it. */
function sameQuestion(a, b) {
  return ["text", "temperature", "seed", "draws"].every((name) => `${a[name]}` === `${b?.[name]}`);
}
