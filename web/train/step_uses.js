// What the gradient of a weight is the sum of: for each use, incoming × local = its share.

import { data, element, number, setToken } from "../views/element.js";
import { headedTable } from "../views/table.js";
import { significant } from "../words/numbers.js";
import { say } from "./step_words.js";

/** Returns { node, update(step) }. */
export function stepUses() {
  const { table, body } = headedTable("table.uses", say("uses"), ["position", "incoming", "local", "product"], say);
  const sum = data();
  table.append(
    element(
      "tfoot",
      {},
      element("tr", {}, element("th", { scope: "row", colspan: 3 }, say("sum")), element("td", {}, sum)),
    ),
  );
  return {
    node: element("div.scroll", {}, table),
    update({ uses, positions, grad }) {
      const longest = Math.max(...uses.map(({ product }) => Math.abs(product)));
      body.replaceChildren(...uses.map((use) => useRow(use, positions[use.position].token, longest)));
      number(sum, grad, significant);
    },
  };
}

function useRow({ incoming, local, product }, token, longest) {
  const face = element("span.face");
  setToken(face, token);
  const [first, second, share] = [incoming, local, product].map((value) => {
    const node = data();
    number(node, value, significant);
    return node;
  });
  const kind = [...token].length > 1 ? "span.token.sentinel" : "span.token";
  const bar = element("span.fill");
  bar.classList.toggle("negative", product < 0);
  bar.style.setProperty("--reach", longest ? Math.abs(product) / longest : 0);
  const sign = (text) => element("span.sign", { "aria-hidden": "true" }, text);
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, element(kind, {}, face)),
    element("td", {}, first),
    element("td", {}, sign("×"), second),
    element("td", {}, sign("="), share, element("span.scale", { "aria-hidden": "true" }, bar)),
  );
}
