// Choosing what to learn from: a list that comes with the page, or something of one's own; and how it is prepared.

import { element, setText, worded } from "../views/element.js";
import { phrase, say } from "./data_words.js";
import { LISTS, listText } from "./lists.js";
import { fileBytes } from "./own_file.js";
import { keepText, keptText } from "./own_kept.js";
import { preparationView } from "./preparation.js";

const LATER = 400; // ms without a key before what was typed is prepared
const OWN = "own";

/**
 * ask(method, …): of the training worker; "prepare" is asked (see py/preparation.py). chosen(data) is called when the
 * person wants to learn from it: { name, list: its id or null, texts, vocabulary, sha256, choices }; a list of the page is
 * good as it comes, something of one's own is looked at first. null: what was chosen is not what is shown any more.
 * Returns { node, update({ busy }) }: nothing can be chosen while it is busy.
 */
export function dataChooser({ ask, chosen }) {
  const text = element("textarea.notranslate", {
    ...{ id: "own-text", rows: 6, spellcheck: "false", autocapitalize: "none", autocomplete: "off", translate: "no" },
    ...{ "aria-describedby": "own-hint", oninput: typed },
  });
  text.value = keptText();
  const opener = element("input", { type: "file", accept: ".txt,.csv,.tsv,text/*", hidden: "", onchange: opened });
  const opens = element("button", { type: "button", onclick: () => opener.click() }, say("own_open"));
  const fromFile = element("p.from-file");
  const notKept = element("p.hint.warning", { role: "status" });
  const own = element(
    "div.own",
    { hidden: "" },
    element("label", { for: "own-text" }, say("own_label")),
    text,
    element("div.ways", {}, opens, opener, element("p.hint", { id: "own-hint" }, say("own_hint"))),
    fromFile,
    notKept,
  );
  const status = element("p", { role: "status" });
  const heard = element("p.sr-only", { role: "status" }); // what came of it, for who does not see it
  const again = element("button", { type: "button", hidden: "", onclick: prepare }, say("again"));
  const preparation = preparationView(choose);
  const uses = element("button.primary", { type: "button", hidden: "", onclick: use }, say("use"));
  const node = element(
    "section.data-chooser",
    { "aria-labelledby": "data-chooser-heading" },
    element("h3", { id: "data-chooser-heading" }, say("heading")),
    element(
      "fieldset.lists",
      { onchange: listChosen },
      worded("legend.sr-only", phrase("heading")),
      ...LISTS.map(card),
      card({ id: OWN }),
    ),
    own,
    element("div.preparing", {}, status, again),
    heard,
    preparation.node,
    uses,
  );

  let source = null; // { list: its id or null, name, load(): a promise of what crosses to Python }
  let choices = {}; // that the person has made for this source
  let prepared = null; // what Python said of it, with these choices
  let asked = 0; // counts the questions: an answer to an earlier one comes too late
  let typing = null; // the timer until what was typed is prepared
  let busy = false;

  // ---- where it comes from --------------------------------------------------------------

  function listChosen({ target }) {
    const { value } = target;
    if (value === OWN) return ownText();
    own.hidden = true;
    take({ list: value, name: say(`list_${value}`), load: async () => ({ text: await listText(value) }) });
  }

  function ownText() {
    own.hidden = false;
    setText(fromFile, "");
    if (text.value.trim()) take({ list: null, name: say("own_name"), load: async () => ({ text: text.value }) });
    else take(null);
  }

  function typed() {
    clearTimeout(typing);
    enable(false); // what is prepared is not what stands there any more
    typing = setTimeout(() => {
      setText(notKept, keepText(text.value) ? "" : say("not_kept"));
      ownText();
    }, LATER);
  }

  function opened() {
    takeFiles(opener.files);
    opener.value = "";
  }

  function takeFiles(files) {
    const [file] = files;
    if (!file) return;
    clearTimeout(typing);
    node.querySelector(`[value="${OWN}"]`).checked = true;
    own.hidden = false;
    if (files.length > 1) return fail(say("several_files", { count: files.length }));
    setText(fromFile, say("own_from_file", { name: file.name }));
    take({ list: null, name: file.name, load: () => fileBytes(file) });
  }

  const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  const mark = (over) => node.classList.toggle("over", over);
  node.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  node.addEventListener("dragleave", ({ relatedTarget }) => mark(node.contains(relatedTarget)));
  node.addEventListener("drop", (event) => {
    mark(false);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    takeFiles(event.dataTransfer.files);
  });

  // ---- how it is prepared ---------------------------------------------------------------

  function take(next) {
    source = next;
    choices = {};
    prepare();
  }

  function choose(choice, value) {
    // Another encoding makes another text of it: what was chosen about that one does not hold any more.
    choices = choice === "encoding" ? { encoding: value } : { ...choices, [choice]: value };
    prepare();
  }

  async function prepare() {
    const mine = ++asked;
    again.hidden = true;
    chosen(null);
    if (!source) return show(null, "");
    setText(status, say("reading"));
    preparation.node.setAttribute("aria-busy", "true");
    enable(false);
    try {
      const answer = await ask("prepare", await source.load(), choices);
      if (mine === asked) show(answer, "");
    } catch (error) {
      if (mine === asked) fail(error.message);
    }
  }

  function fail(sentence) {
    asked++;
    show(null, sentence);
    again.hidden = !source;
  }

  function show(answer, sentence) {
    prepared = answer;
    setText(status, sentence);
    preparation.node.removeAttribute("aria-busy");
    preparation.node.hidden = !prepared;
    setText(heard, prepared ? String(preparation.update(prepared)) : "");
    const usable = prepared !== null && prepared.problem === null;
    uses.hidden = !usable || source.list !== null;
    enable(true);
    if (usable && source.list !== null) use();
  }

  function enable(ready) {
    uses.disabled = busy || !ready;
  }

  function use() {
    const { texts, vocabulary, sha256, choices } = prepared;
    chosen({ name: source.name, list: source.list, texts, vocabulary, sha256, choices });
  }

  return {
    node,
    update({ busy: now = false } = {}) {
      busy = now;
      enable(prepared !== null && !preparation.node.hasAttribute("aria-busy"));
    },
  };
}

function card({ id, count }) {
  return element(
    "label.list",
    {},
    element("input", { type: "radio", name: "data-list", value: id }),
    element(
      "span",
      {},
      element("b", {}, say(`list_${id}`)),
      ...(count ? [" ", worded("span.hint", phrase("entries", { count }))] : []),
      worded("span.about-list", phrase(`about_${id}`)),
    ),
  );
}
