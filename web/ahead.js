// While Python has nothing else to do, it answers what is likely to be asked next, so that the bars are there with the
// letter that is typed. The model knows best which letter that is. In a page that nobody sees, nobody types.

import { MAX_TYPED } from "./state.js";

/**
 * ask(question): a promise of Python's answer. Returns { answer, keep, goOn, forget }: the answer to a question, if it is
 * known; an answer to keep; to answer ahead what may follow a question, until another one is asked; to know nothing.
 */
export function answersAhead(ask) {
  const known = new Map(); // the question as text, to { question, answer }
  let round = 0; // counts what was asked, so that asking ahead ends when something else is asked

  function keep(question, answer) {
    known.set(key(question), { question, answer });
  }

  return {
    keep,
    answer(question) {
      round++;
      return known.get(key(question))?.answer;
    },
    async goOn(question, answer) {
      const current = ++round;
      for (const [name, { question: kept }] of known) {
        if (!isNear(kept, question)) known.delete(name);
      }
      for (const next of likely(question, answer)) {
        if (known.has(key(next))) continue;
        await seen();
        if (round !== current) return;
        try {
          keep(next, await ask(next));
        } catch {
          return; // whoever really asks is told
        }
      }
    },
    forget() {
      round++;
      known.clear();
    },
  };
}

let cameForward = null; // a promise of that, while the page is a tab behind another and somebody waits for it

/** Resolves when the page is seen: at once, unless it is a tab behind another. */
function seen() {
  if (!document.hidden) return;
  cameForward ??= new Promise((resolve) => {
    document.addEventListener("visibilitychange", resolve, { once: true });
  }).finally(() => {
    cameForward = null;
  });
  return cameForward;
}

/** What may be asked after a question: one more character, likeliest first; the last one gone; one more draw. */
function* likely(question, { text, next, ended }) {
  const { draws, temperature } = question;
  if (draws.length > 0) {
    if (!ended) yield { ...question, draws: [...draws, temperature] };
    yield { ...question, draws: draws.slice(0, -1) };
    return;
  }
  if ([...text].length < MAX_TYPED) {
    for (const { token } of next.candidates) {
      if ([...token].length === 1) yield { ...question, text: text + token };
    }
  }
  yield { ...question, text: [...text].slice(0, -1).join("") };
  yield { ...question, draws: [temperature] };
}

/** Whether a question may soon be asked again after another: it leads there by typing, or is a letter away from there. */
function isNear(kept, { text, temperature, seed }) {
  if (kept.temperature !== temperature || kept.seed !== seed) return false;
  return text.startsWith(kept.text) || [text, start(text)].includes(start(kept.text));
}

const start = (text) => text.slice(0, -1);

const key = ({ text, temperature, seed, draws }) => JSON.stringify([text, temperature, seed, draws]);
