// How numbers of any size are written beside each other, and names of what is numbers.

/** Two digits behind the point where they say something; a number that is none (see py/watching.py) as it is called. */
export function written(value) {
  if (typeof value !== "number") return value;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return minus(String(value));
  if (size < 0.00995 || size >= 1e6) return minus(value.toExponential(0));
  return minus(value.toFixed(size < 99.95 ? 2 : 0));
}

/** More of it, for one that is looked at. */
export function precise(value) {
  if (typeof value !== "number" || Number.isInteger(value)) return minus(String(value));
  return minus(Math.abs(value) < 1e-4 ? value.toExponential(4) : value.toPrecision(6));
}

const minus = (text) => text.replaceAll("-", "−");

/** As Python writes it: (16,), (4, 16), and () for a number. */
export function shapeWritten(shape) {
  return shape === null ? "(…)" : `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** keys[0][3] */
export const subscripted = (name, index) => name + index.map((i) => `[${i}]`).join("");
