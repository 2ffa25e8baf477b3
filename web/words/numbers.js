// How numbers are written for people.

export function percent(p) {
  if (p >= 0.9995) return p === 1 ? "100%" : ">99.9%";
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}

export const decimals = (digits) => (value) => value.toFixed(digits);
