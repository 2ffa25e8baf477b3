// How numbers are written for people.

export function percent(p) {
  if (p >= 0.9995) return p === 1 ? "100%" : ">99.9%";
  if (p === 0) return "0%";
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}

/** A number of any size, as one would say it: 8,708, 3.7 million, 10²⁴. */
export function rounded(value) {
  if (value >= 1e15) {
    return `10${[...String(Math.round(Math.log10(value)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
  }
  const size = value < 1e6 ? { maximumFractionDigits: 0 } : { notation: "compact", compactDisplay: "long" };
  return value.toLocaleString("en", size);
}

export const decimals = (digits) => (value) => value.toFixed(digits);
