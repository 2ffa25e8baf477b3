// Making elements, writing numbers into them with their full value, and words and tokens so that whoever translates the
// page, as browsers do, finds words and leaves tokens alone.

import { shown, spoken } from "../words/characters.js";

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

/** A number in a sentence, for phrase(): as people read it, its full value with it. */
export const amount = (value, format) => ({ value, shown: format(value) });

/** Write a string, or a phrase (see words/say.js), into a node. Touch the page only where something changes. */
export function setText(node, text) {
  const words = text.parts ? JSON.stringify(text.parts) : String(text);
  if (written.get(node) === words) return;
  written.set(node, words);
  if (text.parts) node.replaceChildren(...text.parts.map(inSentence));
  else if (node.textContent !== words) node.textContent = words;
}

/** A part of a phrase as it stands in the page. */
function inSentence(part) {
  if (part.token) return inlineToken(part.token);
  return part.shown ? element("data", { value: part.value }, part.shown) : part;
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

export function percent(p) {
  if (p >= 0.9995) return p === 1 ? "100%" : ">99.9%";
  if (p === 0) return "0%";
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}

/** A number of any size, as one would say it: 8,708, 3.7 million, 10²⁴. */
export function rounded(value) {
  if (value >= 1e15)
    return `10${[...String(Math.round(Math.log10(value)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
  const size = value < 1e6 ? { maximumFractionDigits: 0 } : { notation: "compact", compactDisplay: "long" };
  return value.toLocaleString("en", size);
}

export const decimals = (digits) => (value) => value.toFixed(digits);
