// The box below the picture: the lines of Python that computed the part of it that is touched.

const FIRST = { forward: "probs", loss: "loss", sample: "draw", train: "step" }; // the part that a mode begins with
const DWELL = 120; // ms on a part before the box follows: a pointer on its way elsewhere passes over many

/**
 * box: the lines of every part, one of them shown. sandbox: holds it and the picture, whose parts are named by
 * data-part. Returns { update(mode), bestMode(part): the one that shows it best, lead(part): to its picture }.
 */
export function source(box, sandbox) {
  const choices = [...box.querySelectorAll("label")];
  const excerpts = [...box.querySelectorAll("[data-excerpt]")];
  let mode = null;
  let shown = null;
  let over = null; // the part under the pointer, since it was last looked at
  let dwell = null; // the timer of the pointer's stay there

  function show(part) {
    clearTimeout(dwell);
    shown = part;
    over = null;
    for (const excerpt of excerpts) excerpt.classList.toggle("shown", excerpt.dataset.excerpt === part);
    box.querySelector(`input[value=${part}]`).checked = true;
  }

  /** Outline a part in the picture until the person does something else. */
  function outline(part) {
    clearOutline();
    for (const node of sandbox.querySelectorAll(`[data-part=${part}]`)) node.dataset.outlined = part;
  }

  function clearOutline() {
    for (const node of sandbox.querySelectorAll("[data-outlined]")) delete node.dataset.outlined;
  }

  function touch(part) {
    if (!sandbox.querySelector(`[data-outlined=${part}]`)) clearOutline();
    show(part);
  }

  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, clearOutline, true);
  for (const kind of ["click", "focusin"]) {
    sandbox.addEventListener(kind, ({ target }) => {
      const part = partOf(target);
      if (part) touch(part);
    });
  }
  sandbox.addEventListener("pointermove", ({ target, pointerType }) => {
    const part = partOf(target);
    if (pointerType === "touch" || part === over) return; // a finger that moves is scrolling
    over = part;
    clearTimeout(dwell);
    if (part && part !== shown) dwell = setTimeout(() => touch(part), DWELL);
  });
  sandbox.addEventListener("pointerleave", () => {
    over = null;
    clearTimeout(dwell);
  });

  box.addEventListener("change", ({ target }) => {
    show(target.value);
    outline(target.value);
  });
  return {
    bestMode: (part) => modesOf(choices.find((choice) => choice.control.value === part))[0],
    lead(part) {
      show(part);
      outline(part);
      [...sandbox.querySelectorAll("[data-outlined]")].find(isVisible)?.scrollIntoView({ block: "center" });
    },
    update(now) {
      if (now === mode) return;
      mode = now;
      for (const choice of choices) choice.hidden = !modesOf(choice).includes(mode);
      show(FIRST[mode]);
    },
  };
}

const partOf = (node) => node.closest("[data-part]")?.dataset.part;
const modesOf = (choice) => choice.dataset.modes.split(" ");
const isVisible = (node) => node.getClientRects().length > 0;
