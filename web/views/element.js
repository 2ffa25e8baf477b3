// Making elements, writing numbers into them with their full value, and words and tokens so that whoever translates the
// page, as browsers do, finds words and leaves tokens alone.

import { shown, spoken } from "../words/characters.js";

export { decimals, percent } from "../words/numbers.js";

const written = new WeakMap(); // what was last written into a node: a translation may stand there meanwhile

/** element("button.quiet", { type: "button", onclick }, "Undo"): properties starting with on are listeners. */
export function element(kind, attributes = {}, ...children) {
  const [name, ...classes] = kind.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

/** A <data> element, empty until number() fills it. */
export const data = () => element("data");

/** Show a number in a <data> element: as people read it, its full value beside it. */
export function number(node, value, format) {
  node.setAttribute("value", value);
  setText(node, format(value));
}

/** Write a string, or a phrase (see words/say.js), into a node. Touch the page only where something changes. */
export function setText(node, text) {
  const words = text.parts ? JSON.stringify(text.parts) : String(text);
  if (written.get(node) === words) return;
  written.set(node, words);
  if (text.parts) node.replaceChildren(...text.parts.map(inline));
  else if (node.textContent !== words) writeWords(node, words);
}

/** In the text that is there, if that is all: the browser need not lay out another. */
function writeWords(node, words) {
  const { firstChild, lastChild } = node;
  if (firstChild === lastChild && firstChild?.nodeName === "#text") firstChild.data = words;
  else node.textContent = words;
}

/** An element with a phrase in it. */
export function worded(kind, phrase) {
  const node = element(kind);
  setText(node, phrase);
  return node;
}

/** A part of a phrase, as a child of a node. */
function inline(part) {
  if (part.token) return inlineToken(part.token);
  if (part.code) return keepAsItIs(element("code", {}, part.code));
  if (part.shown) return element("data", { value: part.number }, part.shown);
  return part;
}

/** Write a token into a node as it can be seen, and where that would not be heard, as it is called. */
export function setToken(node, token) {
  setTokens(node, [token]);
}

/** The same for a text or a list of tokens, one after the other. */
export function setTokens(node, tokens) {
  const asTokens = `tokens ${[...tokens].join("")}`;
  keepAsItIs(node);
  if (written.get(node) === asTokens) return;
  written.set(node, asTokens);
  node.replaceChildren(...[...tokens].flatMap(face));
}

/** A token that is talked about: in a sentence it looks like one. */
export function inlineToken(token) {
  const kind = [...token].length > 1 ? "b.inline-token.sentinel" : "b.inline-token";
  return keepAsItIs(element(kind, {}, ...face(token)));
}

/** What a token looks like, as children of a node. */
function face(token) {
  if ([...token].length > 1) return [token];
  const name = spoken(token);
  if (name === null) return [shown(token)];
  return [element("span", { "aria-hidden": "true" }, shown(token)), element("span.sr-only", {}, name)];
}

/** What stands in a node is no text to translate. */
export function keepAsItIs(node, asItIs = true) {
  node.classList.toggle("notranslate", asItIs);
  if (asItIs) node.setAttribute("translate", "no");
  else node.removeAttribute("translate");
  return node;
}
