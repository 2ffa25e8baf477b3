// The way into training: its panel in the sandbox. What trains is fetched when somebody chooses the mode.

import { fetchScript, whyNot } from "../script.js";
import { setText } from "../views/element.js";
import { say } from "../words/say.js";

const SCRIPT = { file: "train.js", name: "trenchcoatTraining" };

/** node: the panel. join(room): from then on it is a room of the page. Returns { update }. */
export function train(node, page, join) {
  const word = node.querySelector("[role=status]");
  let entered = false; // whether the mode is chosen
  let room = null; // a promise of the room, once it was asked for
  let seen = null; // the last that rooms were told

  async function enter() {
    setText(word, say("train_waiting"));
    try {
      room ??= fetchScript(SCRIPT, page.build.scripts).then(({ trainRoom }) => trainRoom(node, page));
      join(await room).update(seen);
    } catch (error) {
      room = null;
      setText(word, whyNot(error, "train"));
    }
  }

  return {
    update(latest) {
      seen = latest;
      const was = entered;
      entered = seen.state.mode === "train";
      if (entered && !was && !room) enter();
    },
  };
}
