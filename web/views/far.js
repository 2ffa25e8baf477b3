// Chapters far below the first screen are laid out later (see .far in style/lesson.css): to do that takes longer than
// all that is seen at first. Whoever goes on in the page goes past chapters that have been laid out, so that nothing
// moves once it has been seen.

/** later: see later.js. */
export function layOutLater(chapters, later) {
  const waiting = new AbortController();
  const { signal } = waiting;
  const all = () => {
    waiting.abort();
    const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    const before = seen?.getBoundingClientRect().top;
    for (const chapter of chapters) chapter.classList.remove("far");
    // Not every browser keeps in its place what is seen.
    if (seen) scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
  };
  if (scrollY > 0) return all();
  addEventListener("scroll", all, { signal });
  addEventListener("click", ({ target }) => target.closest("a[href^='#']") && all(), { capture: true, signal });
  for (const chapter of chapters) {
    later.add(chapter, () => {
      chapter.classList.remove("far");
      chapter.getBoundingClientRect(); // now, in a task of its own: all of them in one would hold up a key
    });
  }
}
