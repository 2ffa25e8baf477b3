// One and the same distribution at several temperatures, each laid on the line from 0 to 1.

import { phrase } from "../words/say.js";
import { element, setText } from "./element.js";
import { strip } from "./strip.js";

/** [{ temperature, line: as py/lesson.py's lay_out() has it }, …] → the figure's node. */
export function temperatureLines(lines) {
  return element("ul.temperatures", {}, ...lines.map(atTemperature));
}

function atTemperature({ temperature, line }) {
  const picture = strip();
  picture.update(line);
  picture.node.querySelector(".inside").remove(); // the closer look is the sandbox's
  const [first, second] = line.candidates;
  const words = element("span");
  const told = { temperature, first: first.token, p: first.p, second: second.token, q: second.p };
  setText(words, phrase("at_temperature", told));
  return element("li", {}, words, picture.node);
}
