// The lines of Python behind a moment, beside it: copies of those in the page's listing, to which they lead.

import { element, keepAsItIs } from "../views/element.js";
import { say } from "./step_words.js";

// STEP_LINES is put in by the build: { path, functions, moments } (see building/step_lines.py).
const { path, functions, moments } = STEP_LINES;
const WHOLE = 8; // lines: of a longer function only the head is shown, and the lines that matter

/** The functions behind a moment, its own lines marked. Returns { node, update(moment): null for none }. */
export function stepCode() {
  const node = element("div.places");
  let shown = null;
  return {
    node,
    update(moment) {
      if (moment === shown) return;
      shown = moment;
      node.replaceChildren(...Object.entries(moments[moment] ?? {}).map(([name, marked]) => excerpt(name, marked)));
    },
  };
}

function excerpt(name, marked) {
  const lines = functions[name];
  const listed = lines.length > WHOLE ? [lines[0], ...marked] : lines;
  const copies = listed.map((line, i) => {
    const copy = copyOf(line);
    copy.classList.toggle("now", marked.includes(line));
    copy.classList.toggle("after-gap", i > 0 && lines.indexOf(line) > lines.indexOf(listed[i - 1]) + 1);
    return copy;
  });
  const top = head(name);
  const code = element("code.listing", { role: "group", "aria-labelledby": top.id }, ...copies);
  return element("div", {}, top, keepAsItIs(code));
}

let heads = 0; // so that each can name what is below it

/** A function's name, and where it stands. */
export function head(name) {
  const [first, last] = [functions[name][0], functions[name].at(-1)];
  const place = document.getElementById(`line-${first}`) ?? document.getElementById(`file-${first}`);
  const words = say("lines", { path, first, last });
  const where = place ? element("a", { href: `#${place.id}` }, words) : words;
  return element("p.place", { id: `step-code-${++heads}` }, keepAsItIs(element("code", {}, name)), " ", where);
}

/** The one line behind a moment, as code. */
export function lineOf(moment) {
  const [[line]] = Object.values(moments[moment]);
  return keepAsItIs(element("code.listing", {}, copyOf(line)));
}

/** A line of the listing; what it is indented by is apart, so that there may be less of it where there is little room. */
function copyOf(line) {
  const copy = document.getElementById(`file-${line}`).cloneNode(true);
  copy.removeAttribute("id");
  const begins = copy.firstChild;
  if (begins?.nodeType === Node.TEXT_NODE) {
    const rest = begins.data.trimStart();
    copy.prepend(element("span.indent", {}, begins.data.slice(0, begins.data.length - rest.length)));
    begins.data = rest;
  }
  return copy;
}
