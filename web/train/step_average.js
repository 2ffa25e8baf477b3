// The average, written out: (3.49 + 3.67 + …) / 7 = 3.457.

import { decimals, element } from "../views/element.js";
import { formula, written } from "./formula.js";

/** Returns { node, update(step) }. */
export function stepAverage() {
  const node = element("p.formula.average-of");
  return {
    node,
    update({ positions, loss }) {
      const terms = positions.flatMap(({ nll }, i) => [...(i ? [" + "] : []), written(nll, decimals(2))]);
      const [count, mean] = [positions.length, { value: loss, format: decimals(3) }];
      node.replaceChildren("(", ...terms, ")", ...formula` / ${count} = ${mean}`);
    },
  };
}
