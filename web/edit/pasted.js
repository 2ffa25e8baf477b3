// What a word processor makes of code: quotation marks that curl, spaces that do not break, dashes for minus. Python reads
// none of them.

const MEANT = {
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "‘": "'",
  "’": "'",
  "‚": "'",
  "´": "'",
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "-",
  "−": "-",
  "×": "*",
  "…": "...",
  "\u00a0": " ",
  "\u2002": " ",
  "\u2003": " ",
  "\u2009": " ",
  "\u202f": " ",
  "\u00ad": "",
  "\u200b": "",
  "\u2060": "",
  "\ufeff": "",
};

export const isFromAWordProcessor = (character) => Object.hasOwn(MEANT, character);

/** The text as it was meant. */
export function asMeant(text) {
  return [...text].map((character) => MEANT[character] ?? character).join("");
}

/** Every tab as far as the next place for one. */
export function withoutTabs(text, size = 4) {
  const expand = (line) => {
    let column = 0;
    const pieces = [...line].map((character) => {
      const piece = character === "\t" ? " ".repeat(size - (column % size)) : character;
      column += piece.length;
      return piece;
    });
    return pieces.join("");
  };
  return text.split("\n").map(expand).join("\n");
}
