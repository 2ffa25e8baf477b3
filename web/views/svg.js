// Making elements of a drawing.

const SVG = "http://www.w3.org/2000/svg";

/** svg("path", { d }, ...children). */
export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
