// One and the same distribution at several temperatures, each laid on the line from 0 to 1.

import { phrase } from "../words/say.js";
import { amount, element, percent, setText } from "./element.js";
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
  const told = { temperature: amount(temperature, String), first: first.token, second: second.token };
  setText(words, phrase("at_temperature", { ...told, p: amount(first.p, percent), q: amount(second.p, percent) }));
  return element("li", {}, words, picture.node);
}
