// Making elements, and writing numbers into them with their full value.

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
  if (node.textContent === String(text)) return;
  if (text.parts) node.replaceChildren(...text.parts.map((part) => (part.token ? inlineToken(part.token) : part)));
  else node.textContent = text;
}

/** A token that is talked about: in a sentence it looks like one. */
export function inlineToken(token) {
  return element([...token].length > 1 ? "b.inline-token.sentinel" : "b.inline-token", {}, token);
}

export function percent(p) {
  if (p >= 0.9995) return p === 1 ? "100%" : ">99.9%";
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}

export const decimals = (digits) => (value) => value.toFixed(digits);
