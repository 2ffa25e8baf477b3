// Where the sandbox stands: at the end of the page, or beside what is being read. Beside is a column on the right, and
// where there is no room for one, a sheet at the bottom (style/beside.css). It is the same node in both places, and what
// is being read stays where it is on the screen.

import { say } from "../words/say.js";
import { setText } from "./element.js";

const READABLE = "header h1, header p, main :is(h2, h3, p, li, tr, figure, button, .run), footer";

/**
 * sandbox: the node. away: stands in its place at the end of the page meanwhile. move(beside): the person wants it there.
 * Returns { update(beside), enter(from, bringIt), stand(from, bringIt) }: enter puts the focus into the sandbox, once
 * bringIt() has brought it beside the text, and remembers where to give it back; stand only has it there, and where it
 * would cover what is worked on, folded.
 */
export function standsBeside({ root, sandbox, away, move }) {
  const part = (id) => sandbox.querySelector(`#${id}`);
  const [mover, folder, leaver] = ["move", "fold", "back-to-text"].map(part);
  let beside = false;
  let left = null; // what had the focus before the sandbox was entered
  let moved = null; // { from, to, width }: how far the page was scrolled before the sandbox moved, and after

  mover.addEventListener("click", () => move(!beside));
  away.querySelector("button").addEventListener("click", () => move(false));
  folder.addEventListener("click", () => fold(!sandbox.classList.contains("folded")));
  leaver.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !beside || event.defaultPrevented || event.isComposing) return;
    move(false);
  });
  // A link to the sandbox leads to where it stands now.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href='#sandbox']");
    if (!beside || !link) return;
    event.preventDefault();
    enter(link);
  });
  new ResizeObserver(measure).observe(sandbox);

  function enter(from, bringIt = () => {}) {
    left = from;
    bringIt();
    fold(false);
    sandbox.querySelector("[role=tab][aria-selected=true]").focus({ preventScroll: true });
  }

  function stand(from, bringIt) {
    left = from;
    bringIt();
    fold(getComputedStyle(folder).display !== "none");
  }

  function leave() {
    left?.focus({ preventScroll: true });
  }

  function fold(folded) {
    sandbox.classList.toggle("folded", folded);
    folder.setAttribute("aria-expanded", !folded);
    setText(folder, say(folded ? "unfold" : "fold"));
  }

  /** How much of the window the sheet covers, so that nothing with the focus is under it. */
  function measure() {
    if (!beside) return; // every style of the page is computed anew when this changes
    root.style.setProperty("--sheet", `${sandbox.offsetHeight}px`);
  }

  function put(where) {
    if (where) away.style.setProperty("--room-left", `${sandbox.offsetHeight}px`);
    else if (sandbox.contains(document.activeElement)) leave();
    beside = where;
    root.toggleAttribute("data-beside", beside);
    away.hidden = folder.hidden = leaver.hidden = !beside;
    setText(mover, say(beside ? "put_back" : "put_beside"));
    fold(false);
    measure();
  }

  /** What is being read: what was left, if it is in sight, or else what begins nearest to the top. */
  function anchor() {
    if (left && top(left) >= 0 && top(left) < innerHeight) return left;
    const shown = [...document.querySelectorAll(READABLE)].filter(
      (node) => node.offsetHeight && !sandbox.contains(node),
    );
    return shown.reduce((best, node) => (Math.abs(top(node)) < Math.abs(top(best)) ? node : best));
  }

  /** Do what changes the layout, and have what is being read stay where it is. */
  function keepPlace(change) {
    const kept = anchor();
    const before = top(kept);
    root.style.overflowAnchor = "none"; // the browser need not see to it, too
    change();
    scrollBy({ top: top(kept) - before, behavior: "instant" });
    if (kept === left) kept.scrollIntoView({ block: "nearest", behavior: "instant" }); // not under the sheet
    requestAnimationFrame(() => requestAnimationFrame(() => root.style.removeProperty("overflow-anchor")));
  }

  return {
    enter,
    stand,
    update(wanted) {
      if (wanted === beside) return;
      const from = scrollY;
      const unmoved = moved && Math.abs(moved.to - from) < 1 && moved.width === innerWidth; // nobody has scrolled since
      const back = unmoved ? moved.from : null;
      keepPlace(() => put(wanted));
      if (back !== null) scrollTo({ top: back, behavior: "instant" });
      if (!beside) left = null;
      moved = { from, to: scrollY, width: innerWidth };
    },
  };
}

const top = (node) => node.getBoundingClientRect().top;
