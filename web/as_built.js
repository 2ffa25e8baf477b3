// A copy of the page that a browser saved while it ran ("Save page as") holds the page as it was then, not as it was
// built: filled lists, alerts, links led elsewhere. It begins again with what was built.

const BUILT = "as-built"; // the one file carries its body there a second time, as text (see building/onefile.py)

/** Nothing that stands at the root says how the page is now. */
export function rootAsBuilt(root) {
  for (const { name } of [...root.attributes]) if (name !== "lang") root.removeAttribute(name);
  root.dataset.python = "loading";
}

/** To be called once, before anything in the body is changed. */
export function bodyAsBuilt(body) {
  const built = "begun" in body.dataset && document.getElementById(BUILT);
  body.dataset.begun = "";
  if (!built) return;
  for (const node of [...body.children]) if (node.tagName !== "SCRIPT") node.remove();
  body.prepend(...new DOMParser().parseFromString(built.textContent, "text/html").body.childNodes);
}
