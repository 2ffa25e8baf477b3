// Who stands where in the game: the score, the score as it went, and what can be taken away of it.

import { say } from "../words/say.js";
import { copying } from "./copying.js";
import { element, setText } from "./element.js";
import { runningScore } from "./running.js";
import { scoreTable } from "./score.js";

/**
 * link(): of the round. copied(): the score in words. startOver(): forget the score, or bring it back.
 * Returns { node, update({ standing: as py/lesson.py's standing() has it, or null, judged: the bet that is revealed, or
 * null, forgotten: whether the score was just forgotten, played: whether there is any, seed: of the round, once it has one }) }.
 */
export function gameScore({ link, copied, startOver }) {
  const score = scoreTable();
  const running = runningScore();
  const copies = [copying(say("copy_link"), link), copying(say("copy_score"), copied)];
  const forget = element("button.quiet", { type: "button", onclick: startOver });
  return {
    node: element(
      "div.scores",
      {},
      element("h3", {}, say("score")),
      score.node,
      running.node,
      element("div.controls", {}, ...copies.map(({ node }) => node), forget),
    ),
    update({ standing, judged, forgotten, played, seed }) {
      copies[0].node.hidden = seed === null;
      score.node.hidden = running.node.hidden = standing === null;
      copies[1].node.hidden = !standing?.round;
      setText(forget, say(forgotten ? "bring_back" : "start_over"));
      forget.hidden = !played && !forgotten;
      if (standing === null) return;
      const others = standing.round && standing.round.count !== standing.all.count; // rounds, before this one
      const shown = { letter: judged, name: standing.name, round: others, all: true };
      score.update(
        standing,
        Object.keys(shown).filter((span) => shown[span]),
      );
      running.update(standing);
    },
  };
}
