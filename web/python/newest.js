// Ask one question at a time; of those that come up meanwhile, only the newest matters.

/**
 * ask: a question to a promise of its answer. Returns a function that takes a question at any time;
 * answered(answer, question) or failed(error, question) follows for each one really asked.
 */
export function newest(ask, answered, failed) {
  let busy = false;
  let waiting = null;

  async function next() {
    busy = true;
    while (waiting) {
      const { question } = waiting;
      waiting = null;
      try {
        answered(await ask(question), question);
      } catch (error) {
        failed(error, question);
      }
    }
    busy = false;
  }

  return (question) => {
    waiting = { question };
    if (!busy) next();
  };
}
