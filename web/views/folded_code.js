// Listings that open on demand. Browsers open them for a word that is looked for in the page, and most for a link to a
// line, too; here is what some leave undone.

/** code: holds listings, some of them in <details>. Returns { openIn(a part of it): the listing in it, if it is folded }. */
export function foldedCode(code) {
  document.addEventListener("click", ({ target }) => open(lineOf(target.closest("a")?.hash))); // before it is followed
  addEventListener("popstate", openLinked); // an address typed, or Back and Forward
  openLinked();

  /** The link that led here may be to a line, which could not be shown at the time. */
  function openLinked() {
    const line = lineOf(location.hash);
    if (!open(line)) return;
    line.scrollIntoView({ block: "start" });
    // Back and Forward go where the page stood, which is elsewhere when another listing was open: some browsers do so later.
    requestAnimationFrame(() => requestAnimationFrame(() => line.scrollIntoView({ block: "start" })));
  }

  function lineOf(hash) {
    return /^#(line|file)-\d+$/.test(hash) ? code.querySelector(hash) : null;
  }

  // Paper has all of them but the whole file: where style/code.css cannot open them, they are open meanwhile.
  if (!CSS.supports("selector(::details-content)")) {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...code.querySelectorAll("details:not([open], .whole-file)")];
      for (const fold of opened) fold.open = true;
    });
    addEventListener("afterprint", () => {
      for (const fold of opened) fold.open = false;
    });
  }

  return {
    openIn(part) {
      open(part.querySelector(".listing"));
    },
  };
}

/** Open what a node is folded into. Returns whether it was folded. */
function open(node) {
  const fold = node?.closest("details:not([open])");
  if (fold) fold.open = true;
  return Boolean(fold);
}
