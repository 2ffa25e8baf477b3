// A vector as a strip of cells: the larger a number, the darker its cell; a negative one is hatched.

import { data, decimals, element, number } from "./element.js";

/** label: the strip's accessible name. Returns { node, update(numbers) }. */
export function vector(label) {
  const node = element("ol.vector", { "aria-label": label });
  return {
    node,
    update(numbers) {
      const largest = Math.max(...numbers.map(Math.abs));
      while (node.children.length > numbers.length) node.lastChild.remove();
      while (node.children.length < numbers.length) node.append(element("li", {}, data()));
      [...node.children].forEach((cell, i) => {
        number(cell.firstChild, numbers[i], signed);
        cell.classList.toggle("negative", numbers[i] < 0);
        cell.style.setProperty("--size", Math.abs(numbers[i]) / largest);
      });
    },
  };
}

const signed = (value) => decimals(2)(value).replace("-", "−");
