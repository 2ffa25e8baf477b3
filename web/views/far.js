// Chapters far below the first screen are laid out later (see .far in style/lesson.css): to do that takes longer than
// all that is seen at first. Whoever goes on in the page goes past chapters that have been laid out, so that nothing
// moves once it has been seen.

/** later: see later.js. */
export function layOutLater(chapters, later) {
  const all = () => {
    const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    const before = seen?.getBoundingClientRect().top;
    for (const chapter of chapters) chapter.classList.remove("far");
    if (seen) scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" }); // not every browser does
  };
  if (scrollY > 0) all();
  else addEventListener("scroll", all, { once: true });
  addEventListener("click", ({ target }) => target.closest("a[href^='#']") && all(), { capture: true });
  for (const chapter of chapters) {
    later.add(chapter, () => {
      chapter.classList.remove("far");
      chapter.getBoundingClientRect(); // now, in a task of its own: all of them in one would hold up a key
    });
  }
}
