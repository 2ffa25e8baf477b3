// What is copied from the code is code, though notes stand between its lines.

/** code: holds listings. A selection of lines in one of them, and of notes beside them, is copied as the lines alone. */
export function copyAsCode(code) {
  code.ownerDocument.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.rangeCount === 0 || event.target.closest?.("input")) return;
    const lines = linesOf(selection.getRangeAt(0), code);
    if (lines.length === 0) return; // part of a line, a note, or more than a listing: as the browser has it
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
  });
}

function linesOf(range, code) {
  const touched = [...code.querySelectorAll(".listing")].filter((listing) => range.intersectsNode(listing));
  if (touched.length !== 1) return [];
  const [listing] = touched;
  const within = range.cloneRange();
  if (!listing.contains(range.startContainer)) within.setStart(listing, 0);
  if (!listing.contains(range.endContainer)) within.setEnd(listing, listing.childNodes.length);
  if (`${within}`.trim() !== `${range}`.trim()) return []; // words around it are selected, too
  return [...within.cloneContents().querySelectorAll("[data-number]")].map((line) => line.textContent);
}
