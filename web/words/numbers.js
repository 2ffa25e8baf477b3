// How numbers are written for people.

export function percent(p) {
  if (p >= 0.9995) return p === 1 ? "100%" : ">99.9%";
  if (p === 0) return "0%";
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}

/** A number of any size, as one would say it: 8,708, 3.7 million, 10²⁴. */
export function rounded(value) {
  if (value >= 1e15) return `10${raised(Math.round(Math.log10(value)))}`;
  const size = value < 1e6 ? { maximumFractionDigits: 0 } : { notation: "compact", compactDisplay: "long" };
  return value.toLocaleString("en", size);
}

/** Three figures that count, however small the number: −0.00148, 1.03 × 10⁻⁷. */
export function significant(value) {
  const [sign, size] = [value < 0 ? "−" : "", Math.abs(value)];
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return `${sign}${Number(size.toPrecision(3))}`;
  const [figures, power] = size.toExponential(2).split("e");
  return `${sign}${figures === "1.00" ? "" : `${Number(figures)} × `}10${raised(Number(power))}`;
}

const raised = (power) => [...String(power)].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]).join("");

/** Of a file, of so many bytes. */
export const megabytes = (bytes) => decimals(1)(bytes / 1e6);

export const decimals = (digits) => (value) => value.toFixed(digits);
