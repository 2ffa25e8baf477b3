// A formula with its numbers filled in, each with its full value.

import { element, number } from "../views/element.js";
import { significant } from "../words/numbers.js";

const OPERATOR = /[×+−/] $/;

/**
 * formula`${m} / (1 − ${beta}^${step})`: what children of a node show it. A number after ^ is raised, a negative one after an
 * operator stands in brackets. A number may come as { value, format }.
 */
export function formula(strings, ...numbers) {
  return strings.flatMap((words, i) => {
    const raises = words.endsWith("^");
    const plain = raises ? words.slice(0, -1) : words;
    if (i === numbers.length) return plain ? [plain] : [];
    const { value, format } = typeof numbers[i] === "number" ? { value: numbers[i], format: significant } : numbers[i];
    const node = element("data");
    number(node, value, format);
    if (raises) return [plain, element("sup", {}, node)];
    return value < 0 && OPERATOR.test(plain) ? [`${plain}(`, node, ")"] : [plain, node];
  });
}

/** A number by itself, in a <data> element. */
export function written(value, format = significant) {
  const node = element("data");
  number(node, value, format);
  return node;
}
