// Who looks back at whom, for the whole text: a triangle for each head, a row for each position, a cell for each one before.

import { heard } from "../words/characters.js";
import { data, element, number, percent, setText, setToken } from "../views/element.js";
import { phrase, say } from "./say.js";

/** choose(position): it is to be looked at. Returns { node, update(answer of look_back(), position) }. */
export function triangles(choose) {
  const word = element("p.looked-back", { "aria-live": "polite" });
  const heads = element("div.triangles");
  const none = element("p.hint", {}, say("no_shares"));
  const node = element(
    "section.attention",
    { "aria-labelledby": "attention-heading" },
    element("h4", { id: "attention-heading" }, say("attention")),
    element("p.hint", {}, say("attention_hint")),
    heads,
    none,
    word,
    element("p.caution", {}, say("attention_caution")),
  );
  let told = null;

  heads.addEventListener("pointerover", ({ target }) => tell(target.closest("td")));
  heads.addEventListener("click", ({ target }) => {
    const row = target.closest("tr[data-position]");
    if (row) choose(Number(row.dataset.position));
    tell(target.closest("td"));
  });

  function tell(cell) {
    if (!cell?.dataset.from) return;
    const { from, to, share, head } = cell.dataset;
    setText(
      word,
      phrase("looks_back", { head, from: [told.tokens[from]], to: [told.tokens[to]], share: Number(share) }),
    );
  }

  return {
    node,
    update(answer, position) {
      told = answer;
      const { tokens, shares } = answer;
      none.hidden = shares.length > 0;
      while (heads.children.length > shares.length) heads.lastChild.remove();
      while (heads.children.length < shares.length) heads.append(triangle());
      for (const [i, each] of shares.entries()) fill(heads.children[i], each, tokens, position);
      setText(word, say("attention_rest"));
    },
  };
}

const triangle = () => element("figure", {}, element("figcaption"), element("table", {}, element("tbody")));

function fill(figure, { name, loops, rows }, tokens, position) {
  const head = [name, ...loops.map(([variable, value]) => `${variable} ${value}`)].join(", ");
  const [caption, table] = figure.children;
  setText(caption, head);
  table.setAttribute("aria-label", head);
  const corner = element("td");
  const top = tokens.map((token) => labelled("th", token, { scope: "col" }));
  const body = rows.map((shares, from) => {
    const cells = shares.map((share, to) => {
      const cell = element("td", { "data-from": from, "data-to": to, "data-share": share, "data-head": head }, data());
      cell.style.setProperty("--size", share);
      number(cell.firstChild, share, percent);
      return cell;
    });
    const attributes = { "data-position": from, ...(from === position ? { class: "current" } : {}) };
    return element("tr", attributes, labelled("th", tokens[from], { scope: "row" }), ...cells);
  });
  table.replaceChildren(element("tbody", {}, ...body, element("tr.below", {}, corner, ...top)));
}

function labelled(kind, token, attributes) {
  const label = element("span");
  setToken(label, token);
  return element(
    [...token].length > 1 ? `${kind}.sentinel` : kind,
    { ...attributes, "aria-label": heard(token) },
    label,
  );
}
