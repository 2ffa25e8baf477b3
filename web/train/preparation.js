// What py/preparation.py made of a list or file: what was found, what was done about it, and the choices that change it.

import { element, inlineToken, setText, setTokens, worded } from "../views/element.js";
import { named } from "../words/characters.js";
import { forCount, isWorded, phrase, say } from "./data_words.js";
import { inMegabytes } from "./own_file.js";

const CHOICES = ["encoding", "column", "header", "case", "accents", "inner", "duplicates", "too_long"];
const ENDS = { "\r\n": "end_crlf", "\n": "end_lf", "\r": "end_cr" };

/**
 * choose(choice, value) is called when the person wants it otherwise. Returns { node, update(prepared) }, which returns in
 * a sentence how it came out.
 */
export function preparationView(choose) {
  const problem = element("p.problem");
  const summary = element("p");
  const tokens = element("p.vocabulary");
  const heldOut = element("p");
  const few = worded("p", phrase("few"));
  const preview = element("ol.preview");
  const learned = element("div.learned", {}, summary, tokens, heldOut, few, element("h4", {}, say("first")), preview);
  const controls = CHOICES.map((choice) => choiceControl(choice, (value) => choose(choice, value)));
  const choices = element("div.choices", {}, ...controls.map(({ node }) => node));
  const found = element("ul.found");
  const done = element("div", {}, element("h4", {}, say("what_was_done")), choices, found);
  const untouched = worded("p", phrase("as_it_is"));
  const node = element("div.preparation", { hidden: "" }, problem, done, untouched, learned);

  return {
    node,
    update(prepared) {
      node.hidden = false;
      setText(problem, prepared.problem ? whyNot(prepared) : "");
      for (const control of controls) control.update(prepared);
      found.replaceChildren(...prepared.found.map(finding));
      done.hidden = !prepared.found.length && !Object.keys(prepared.offered).length;
      untouched.hidden = !done.hidden || prepared.problem !== null;
      learned.hidden = prepared.problem !== null;
      setText(summary, inNumbers(prepared));
      tokens.replaceChildren(...[...prepared.vocabulary].flatMap((token) => [inlineToken(token), " "]));
      setText(heldOut, phrase("held_out", prepared));
      few.hidden = !prepared.few;
      preview.replaceChildren(...prepared.preview.map((text) => element("li", {}, shownText(text))));
      return prepared.problem ? whyNot(prepared) : inNumbers(prepared);
    },
  };
}

function inNumbers(prepared) {
  return phrase(prepared.n_texts === prepared.n_different ? "summary_all" : "summary", prepared);
}

function whyNot({ problem }) {
  const { what, kind, most } = problem;
  return phrase(`problem_${what}${kind ? `_${kind}` : ""}`, { ...problem, most_mb: most && inMegabytes(most) });
}

/** A text as its tokens look. */
function shownText(text) {
  const node = element("span.text");
  setTokens(node, text);
  return node;
}

// ---- The choices ----------------------------------------------------------------------

function choiceControl(choice, choose) {
  const select = element("select", { onchange: () => choose(select.value), "data-choice": choice });
  const node = element("label", {}, say(`choice_${choice}`), " ", select);
  let shown = "";
  return {
    node,
    update({ offered, choices, columns }) {
      node.hidden = !offered[choice];
      if (node.hidden) return;
      const words = offered[choice].map((value) => [value, optionWords(choice, value, columns)]);
      if (shown !== JSON.stringify(words)) {
        shown = JSON.stringify(words);
        select.replaceChildren(...words.map(([value, word]) => element("option", { value }, word)));
      }
      select.value = choices[choice];
    },
  };
}

function optionWords(choice, value, columns) {
  if (typeof value !== "number") return say(`${choice}_${value}`);
  const { name, examples } = columns[value - 1];
  if (name) return say("column_named", { column: value, name });
  return say(examples.length ? "column_examples" : "column_number", { column: value, examples: examples.join(", ") });
}

// ---- What was found -------------------------------------------------------------------

function finding(kind) {
  const { what, count, examples } = kind;
  const node = element("li", { "data-found": what, "data-count": count }, worded("span", sentence(kind)));
  if (what !== "line_ends" && examples.length) {
    const listed = examples.map((example) => element("li", {}, ...exampleOf(example)));
    const rest = count - examples.reduce((sum, each) => sum + (each.count ?? 1), 0);
    if (rest > 0) listed.push(element("li", {}, say("and_more", { count: rest })));
    node.append(" ", element("details", {}, element("summary", {}, say("which")), element("ul", {}, ...listed)));
  }
  return node;
}

function sentence({ what, count, done, examples, ...values }) {
  const name = done !== undefined && isWorded(`found_${what}_${done}`) ? `found_${what}_${done}` : `found_${what}`;
  const blanks = { count, ...values };
  if (what === "encoding") blanks.encoding = say(`encoding_${done}`);
  if (what === "table") blanks.column = done;
  if (what === "line_ends") {
    blanks.ends = [...new Set(examples.map(({ character }) => say(ENDS[character] ?? "end_other")))].join(", ");
  }
  return phrase(forCount(name, count), blanks);
}

/** Children of a list item that shows one example. */
function exampleOf({ line, text, became, character, count }) {
  const parts = [];
  if (character !== undefined) parts.push(named(character));
  if (count > 1) parts.push(` (${count})`);
  if (text !== undefined) parts.push(...(parts.length ? [": "] : []), shownText(text));
  if (became !== undefined && became !== text) parts.push(" → ", shownText(became));
  if (line !== undefined) parts.push(parts.length ? `, ${say("line", { line })}` : say("line", { line }));
  return parts;
}
