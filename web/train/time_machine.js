// The curve as a time machine: the moments that a run has kept, and what the model was like at the one that is looked at.

import { steadyAxis } from "../views/axis.js";
import { bars } from "../views/bars.js";
import { element, setText, setTokens } from "../views/element.js";
import { phrase as pagePhrase, say as sayOfPage } from "../words/say.js";
import { phrase, say } from "./say.js";

/**
 * look(step): at a moment; null: at now. goOn(): from the moment that is looked at. Returns { slider: a node for below the
 * curve, node: the bars and names of then, update({ moments, looked: the one that is looked at, null for now, pointed: the
 * event of a step, null for none, picture }), nearest(step): of the moments }.
 */
export function timeMachine({ look, goOn }) {
  let moments = [];
  const slider = element("input", { type: "range", min: 0, step: 1 });
  const sentence = element("p.readout", { "aria-live": "off" });
  const back = element("button", { type: "button", onclick: toNow }, say("back_to_now"));
  const on = element("button.primary", { type: "button", onclick: goOn }, say("go_on_from_here"));
  const heading = element("h3");
  const distribution = bars(sayOfPage("probabilities"));
  const axis = steadyAxis();
  const names = element("ul.names", { "aria-label": say("names") });
  const caption = element("h3");

  slider.addEventListener("input", () => look(moments[Number(slider.value)].step));
  function toNow() {
    look(null);
    slider.focus(); // the button goes
  }

  return {
    slider: element(
      "div.moments",
      {},
      element("label", {}, element("span", {}, say("moment")), slider),
      sentence,
      element("div.controls", {}, back, on),
    ),
    node: element(
      "div.columns.then",
      {},
      element("div", {}, heading, distribution.node),
      element("div", {}, caption, names),
    ),
    nearest(step) {
      return moments.reduce((best, each) => (Math.abs(each.step - step) < Math.abs(best.step - step) ? each : best));
    },
    update({ moments: kept, looked, pointed, picture }) {
      moments = [...kept].sort((a, b) => a.step - b.step);
      const shown = looked ?? moments.at(-1);
      slider.max = moments.length - 1;
      slider.value = moments.findIndex((each) => each.step === shown.step);
      slider.disabled = moments.length < 2;
      slider.setAttribute("aria-valuetext", String(momentSentence(shown)));
      setText(sentence, pointed ? stepSentence(pointed) : momentSentence(shown));
      back.hidden = on.hidden = looked === null;
      const { text, positions } = picture;
      setText(heading, pagePhrase("after", { tokens: positions.map(({ token }) => token) }));
      distribution.update(positions.at(-1), null, axis(text, positions));
      setText(caption, say("writes", { step: shown.step.toLocaleString("en") }));
      while (names.children.length > shown.names.length) names.lastChild.remove();
      shown.names.forEach((name, i) => {
        if (!names.children[i]) names.append(element("li"));
        if (name === "") setText(names.children[i], sayOfPage("empty_name"));
        else setTokens(names.children[i], name);
      });
    },
  };
}

function momentSentence({ step, loss, held_out }) {
  return phrase(loss === null ? "moment_first" : "moment_is", { step, loss, held_out });
}

const stepSentence = ({ step, loss, mean, text }) => phrase("step_is", { step, loss, mean, text });
