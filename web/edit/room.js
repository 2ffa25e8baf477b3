// The editor's room: the file, the buttons, and what runs. Fetched when somebody presses Edit (see ../rooms/edit.js).

import original from "../../py/microgpt.py";
import { element, setText } from "../views/element.js";
import { changedLines } from "./changes.js";
import { printedText } from "./console.js";
import { makeEditor } from "./editor.js";
import { explain, inFull, mending } from "./explain.js";
import { read, save } from "./files.js";
import { inSandbox } from "./in_sandbox.js";
import { keepEdit, keptEdit, whenOtherTabKeeps } from "./kept.js";
import { lab } from "./lab.js";
import { say } from "./say.js";
import { asError, trial } from "./trial.js";
import { troublePanel } from "./trouble.js";

const NAME = "microgpt.py";
const LATER = 150; // ms without a key before the changed lines are counted

/** page: as main.js has it. Returns { update(seen), enter({ line }) }. */
export function editRoom(node, { build, state, python, model }) {
  const editor = makeEditor({ label: NAME, text: keptText(), changed, run });
  document.addEventListener("line-looked-at", ({ detail }) => editor.lookAt(detail.line, detail.text));
  const trouble = troublePanel((line) => {
    editor.lead(line);
    editor.focus();
  });
  const printed = printedText();
  const beside = inSandbox(
    document.getElementById("edit-here"),
    [...document.querySelectorAll("#sandbox > .panel")],
    stop,
  );
  const laboratory = lab(
    {
      original,
      text: () => editor.text(),
      replace: (text) => editor.replace(text),
      run,
      ask: (...question) => running.trial.call(...question),
    },
    (link) => state.follow(link),
  );
  const status = element("p", { role: "status" });
  const kept = element("p.hint.warning", { role: "status" });
  const takes = button("take_other", () => editor.replace(keptText()));
  takes.hidden = true;
  const [runs, stops, shows] = [
    button("run", run, "button.primary"),
    button("stop", stop),
    button("show_changes", toggleChanges),
  ];
  const [restores, saves, opens, closes] = [
    button("restore", restore),
    button("download", () => save(editor.text())),
    button("open", () => chooser.click()),
    button("close", close, "button.quiet"),
  ];
  const chooser = element("input", { type: "file", accept: ".py,text/x-python,text/plain", hidden: "" });
  shows.setAttribute("aria-pressed", "false");
  node.append(
    element("h3", { id: "edit-heading" }, say("heading")),
    element("div.edit-bar", {}, runs, stops, shows, status),
    editor.node,
    trouble.node,
    element("div.edit-file", {}, restores, saves, opens, closes, chooser),
    element("p.hint", { id: "edit-keys" }, say("keys")),
    element("div.edit-file", {}, kept, takes),
    printed.node,
    laboratory.node,
  );

  let running = null; // { trial, text, changed } of the edit in use
  let starting = null; // the same of one that has not answered yet
  let ready = false; // whether the original runs: until then, what Python needs is still being fetched
  let waits = false; // whether the edit is to run as soon as it does
  let counting = null; // the timer until the changed lines are counted

  // ---- the file -------------------------------------------------------------------------

  function changed() {
    clearTimeout(counting);
    counting = setTimeout(keep, LATER);
    describe();
  }

  function keep() {
    clearTimeout(counting);
    counting = null;
    const text = editor.text();
    const changed = changedLines(original, text);
    const done = keepEdit(changed ? { text, changed } : null);
    setText(kept, done ? "" : say("not_kept"));
    takes.hidden = true;
  }

  // Only one edit is kept, and that of the tab in which somebody types: in the others theirs stays, until they do.
  whenOtherTabKeeps(() => {
    takes.hidden = keptText() === editor.text();
    setText(kept, takes.hidden ? "" : say("kept_elsewhere"));
  });

  addEventListener("pagehide", () => counting !== null && keep());
  chooser.addEventListener("change", () => {
    open(chooser.files[0]);
    chooser.value = "";
  });
  const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  node.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault(), true);
  node.addEventListener(
    "drop",
    (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation(); // the editor would put it where it was dropped
      open(event.dataTransfer.files[0]);
    },
    true,
  );

  async function open(file) {
    if (!file) return;
    try {
      editor.replace(await read(file));
      trouble.clear();
      editor.mark(null);
    } catch (error) {
      trouble.show({ sentence: error.message });
    }
  }

  function toggleChanges() {
    const shown = shows.getAttribute("aria-pressed") !== "true";
    shows.setAttribute("aria-pressed", shown);
    editor.compare(shown ? original : null);
  }

  function restore() {
    editor.replace(original);
    leave("restored");
  }

  // ---- what runs ------------------------------------------------------------------------

  /** Resolves to whether it is in use, once that is known. */
  async function run() {
    const text = editor.text();
    keep();
    forget();
    if (text === original) {
      leave("is_original");
      return false;
    }
    waits = !ready;
    if (waits) {
      describe();
      return false;
    }
    const question = state.get();
    const mine = { trial: null, text, changed: changedLines(original, text) };
    starting?.trial.stop();
    starting = mine;
    mine.trial = trial(python.another(), {
      silent: (whether) => [starting, running].includes(mine) && silent(whether),
      printed: (what, method) => [starting, running].includes(mine) && printed.take(what, method),
      ended: (error) => running === mine && fall(error, "ended"),
    });
    printed.begin();
    model.await(true);
    describe();
    try {
      await mine.trial.start(text);
      const { text: typed, temperature, seed, draws } = question;
      const ask = await model.trying(mine.trial);
      if (starting !== mine) return false;
      const answer = await ask("show", typed, temperature, seed, draws);
      const sha256 = await mine.trial.call("sha256");
      mine.untrained = await mine.trial.call("is_untrained");
      if (starting === mine) use(mine, sha256, { question, answer });
    } catch (error) {
      if (starting !== mine) return false;
      if (error.told?.distribution) {
        const sha256 = await mine.trial.call("sha256").catch(() => null);
        if (starting === mine && sha256) use(mine, sha256, null);
      }
      if (starting === mine) fall(error, running ? "failed_edit" : "failed_original");
    }
    return running === mine;
  }

  function use(mine, sha256, first) {
    running?.trial.stop();
    [running, starting] = [mine, null];
    beside.compare(null);
    const call = async (method, ...question) => {
      if (method === "show") printed.ask();
      try {
        const answer = await mine.trial.call(method, ...question);
        if (method === "show") hear(answer);
        return answer;
      } catch (error) {
        if (error.name !== "Ended" && running === mine) tell(error);
        throw error;
      }
    };
    const { text, changed } = mine;
    model.use({ call, quietly: mine.trial.call, changed, sha256, text, explain }, first);
    if (first) hear(first.answer);
    describe();
    compareOver(build.compared, mine);
  }

  /** What is on the screen may be without its loss. */
  function hear({ loss_error: error }) {
    if (error) tell(asError(error));
    else forget();
  }

  /** Over a fixed list of texts, one at a time, so that what a person asks meanwhile is answered in between. */
  async function compareOver(texts, mine) {
    try {
      let both;
      for (let count = 1; count <= texts.length; count++) {
        const some = texts.slice(0, count);
        const yours = await mine.trial.call("average_loss", some);
        both = { yours, original: await model.original("average_loss", some), count };
        if (running !== mine) return;
      }
      beside.compare(both);
    } catch {
      // What it cannot do with these texts it says where it is asked for them.
    }
  }

  /** An edit did not come to anything: what was there before is there again. */
  function fall(error, how) {
    tell(error, say(how));
    if (starting) {
      starting.trial.stop();
      starting = null;
      model.await(false);
    } else leaveRunning();
    describe();
  }

  function stop() {
    waits = false;
    if (!starting && !running) return describe();
    const whole = starting ? (running ? "stopped_edit" : "stopped_original") : "stopped_original";
    forget();
    if (starting) {
      starting.trial.stop();
      starting = null;
      model.await(false);
    } else leaveRunning();
    describe(say(whole));
  }

  /** Back to the original. */
  function leave(word) {
    forget();
    waits = false;
    starting?.trial.stop();
    starting = null;
    model.await(false);
    leaveRunning();
    describe(say(word));
  }

  function leaveRunning() {
    running?.trial.stop();
    running = null;
    beside.silent(false);
    beside.compare(null);
    if (model.edit()) model.restore();
  }

  // ---- what is said ---------------------------------------------------------------------

  function tell(error, more = "") {
    const { told } = error;
    trouble.show({
      line: told?.line ?? null,
      sentence: error.message,
      full: [...(told ? inFull(told) : []), ...(more ? [more] : [])],
      traceback: told?.traceback ?? "",
      offer: told && offer(told),
    });
    editor.mark(told?.line ?? null);
    if (told?.line) editor.show(told.line);
  }

  function offer(told) {
    const words = mending(told);
    const ran = (starting ?? running)?.text;
    if (!words) return null;
    return {
      words,
      act() {
        if (editor.text() !== ran) return run(); // it has been changed since: another look at it
        editor.replace(told.fixed);
        forget();
      },
    };
  }

  function forget() {
    trouble.clear();
    editor.mark(null);
  }

  function describe(sentence = "") {
    const text = editor.text();
    stops.disabled = !starting && !running && !waits;
    restores.disabled = text === original && !starting && !running;
    setText(status, sentence || say(situation(text)));
    laboratory.update();
    node.classList.toggle("starting", starting !== null);
  }

  /** It has not answered for a while; or it has, after all. */
  function silent(whether) {
    beside.silent(whether);
    describe(whether ? say("silent") : "");
  }

  function situation(text) {
    if (waits) return "waits";
    if (starting) return "starting";
    if (running && text !== running.text) return "running_changed";
    if (running) return running.untrained ? "running_untrained" : "running";
    return text === original ? "untouched" : "not_run";
  }

  /** Where most people want to begin. */
  function beginning() {
    return (
      1 +
      editor
        .text()
        .split("\n")
        .findIndex((line) => line.startsWith("def gpt("))
    );
  }

  function show(whether) {
    node.hidden = !whether;
    document.documentElement.toggleAttribute("data-editing", whether); // its bar has the place of the contents then
  }

  function close() {
    show(false);
    document.getElementById("edit-open").focus();
  }

  describe();
  if (editor.text() !== original) keep();
  return {
    update(seen) {
      beside.update(seen);
      const was = ready;
      ready = seen.python.phase === "ready";
      if (ready && !was && waits) queueMicrotask(run); // not while the rooms are being drawn
    },
    enter({ line }) {
      const first = node.hidden;
      show(true);
      if (line || first) editor.lead(line ?? beginning());
      node.scrollIntoView({ block: "start", behavior: "instant" });
      editor.focus();
    },
  };
}

const keptText = () => keptEdit()?.text ?? original;

function button(word, onclick, kind = "button") {
  return element(kind, { type: "button", onclick }, say(word));
}
