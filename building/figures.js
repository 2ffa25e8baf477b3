// Draws, at build time, the figures that stand in the page before any script runs: with the page's own views.
// Reads { start, clips: { forward, loss, sample }, facts, tape } as JSON, writes { coat, opening, panels, stills, captions,
// embedding, surprise, tape, temperatures }, HTML by name.

import { readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { captions, still } from "../web/views/clips.js";
import { element, setText } from "../web/views/element.js";
import { forwardView } from "../web/views/forward.js";
import { lossView } from "../web/views/loss.js";
import { coat } from "../web/views/model.js";
import { openingView } from "../web/views/opening.js";
import { sampleView } from "../web/views/sample.js";
import { surpriseCurve } from "../web/views/surprise.js";
import { tapeTable } from "../web/views/tape.js";
import { temperatureLines } from "../web/views/temperatures.js";
import { vector } from "../web/views/vector.js";
import { say } from "../web/words/say.js";
import { START } from "../web/state.js";

globalThis.document = parseHTML("<!doctype html><html><body></body></html>").document;

const { start, clips, facts, tape } = JSON.parse(readFileSync(0, "utf8"));
const last = start.positions.length - 1;

const opening = openingView();
opening.update({ picture: start, position: last });
const forward = forwardView(() => {});
forward.update({ picture: start, position: last });
const loss = lossView(() => {});
loss.update({ picture: start, position: last });
const sample = sampleView({});
sample.update({ picture: start, state: { ...START, text: start.text } });

const embedding = vector(say("embedding"));
embedding.update(facts.embedding.weights);

/** The HTML of a sentence. */
function written(sentence) {
  const node = element("p");
  setText(node, sentence);
  return node.innerHTML;
}

const ofClips = (make) =>
  Object.fromEntries(Object.entries(clips).map(([kind, picture]) => [kind, make(kind, picture)]));
process.stdout.write(
  JSON.stringify({
    coat: coat().outerHTML,
    opening: opening.node.outerHTML,
    panels: { forward: forward.node.outerHTML, loss: loss.node.outerHTML, sample: sample.node.outerHTML },
    stills: ofClips((kind, picture) => still(kind, picture).outerHTML),
    captions: ofClips((kind, picture) => captions(kind, picture).map(written)),
    embedding: embedding.node.outerHTML,
    surprise: surpriseCurve(facts.surprise).outerHTML,
    tape: tapeTable(tape).outerHTML,
    temperatures: temperatureLines(facts.lines).outerHTML,
  }),
);
