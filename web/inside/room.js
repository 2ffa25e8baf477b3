// The room inside the coat: gpt() as it ran at the chosen position, line by line. Fetched when somebody opens it (see
// ../rooms/inside.js).

import { newest } from "../python/newest.js";
import { lastWords } from "../python/protocol.js";
import { data, element, keepAsItIs, number, setText } from "../views/element.js";
import { player } from "../views/player.js";
import { triangles } from "./attention.js";
import { following } from "./follow.js";
import { lineTable, placed } from "./lines.js";
import { phrase, say } from "./say.js";
import { precise, shapeWritten, subscripted } from "./written.js";

const REST = 250; // ms without a change before the whole text is looked at
const PACE = 1100; // ms a line
const EDGE = 40; // px of the box of lines in which none should stand that is looked at

/** page: as main.js has it. close(): hide it. Returns { update(seen), open(a line's beginning, or ""), close() }. */
export function insideRoom(node, page, close) {
  const { state, model } = page;
  const wanted = { of: null, untrained: false, at: null, row: null, cell: null, opened: new Set(), follow: null };
  let seen = null;
  let answer = null; // of look_inside()
  let other = null; // the same with random weights
  let whole = null; // of look_back()
  let led = null; // the line to begin with, until it is there
  let rest = null; // the timer of REST

  // ---- what is there --------------------------------------------------------------------

  const heading = node.querySelector("h3");
  const trouble = element("p.refusal", { role: "alert" });
  const about = element("p.about-this");
  const measure = choices(
    "show",
    [
      ["values", say("values")],
      ["position", say("gradients")],
    ],
    (value) => {
      wanted.of = value === "values" ? null : scope.value();
      ask();
    },
  );
  const scope = choices(
    "of",
    [
      ["position", say("of_position")],
      ["text", say("of_text")],
    ],
    (value) => {
      if (wanted.of) wanted.of = value;
      if (wanted.follow) follow(wanted.follow.start, []);
      ask();
    },
  );
  const besides = element("input", { type: "checkbox" });
  besides.addEventListener("change", () => {
    wanted.untrained = besides.checked;
    ask();
  });
  const explanation = element("p.hint");
  const table = lineTable({ choose, into });
  const controls = player({ scene: table.node, name: "lines", pace: PACE, choose: (moment) => play(moment) });
  const note = element("p.line-note");
  const looked = readout(() => follow(startOf(), []));
  const back = following({ go: (path) => follow(wanted.follow.start, path), leave: () => follow(undefined) });
  const fromLoss = element("button.quiet", { type: "button", onclick: () => follow(null, []) }, say("follow_loss"));
  const attention = triangles((position) => {
    const last = answer ? seen.picture.positions.length - 1 : 0;
    state.change({ position: position === last ? null : position }, "position");
  });
  const lines = element("div.by-line", {}, controls.node, note, table.node, looked.node);
  const closer = element("button.quiet", { type: "button", onclick: close }, say("close"));
  heading.after(closer);
  node.append(
    about,
    element(
      "div.controls.switches",
      {},
      measure.node,
      scope.node,
      element("label.beside-random", {}, besides, element("span", {}, say("beside_random"))),
      fromLoss,
    ),
    explanation,
    trouble,
    lines,
    back.node,
    attention.node,
  );
  back.node.hidden = true;
  attention.node.hidden = true;

  // A number is told of on hover; without a pointer over one, of the one that was chosen.
  table.node.addEventListener("pointerover", ({ target }) => tellCell(table.under(target)));
  table.node.addEventListener("pointerleave", () => tellCell(null));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wanted.follow === null) return;
    event.preventDefault();
    follow(undefined);
  });

  // ---- what Python is asked -------------------------------------------------------------

  const question = () => ({
    text: seen.picture.text,
    position: seen.position,
    of: wanted.of,
    untrained: wanted.untrained,
    by: model.edit(),
    weights: model.weights?.() ?? null,
  });
  const isNow = (asked) => Object.entries(question()).every(([name, value]) => asked[name] === value);
  let asked = null;
  const put = newest(
    async (now) => {
      const given = [now.text, now.position, now.of];
      return [
        await model.call("look_inside", ...given),
        now.untrained ? await model.call("look_inside", ...given, true) : null,
      ];
    },
    ([mine, random], now) => {
      if (!isNow(now)) return;
      [answer, other] = [mine, random];
      setText(trouble, "");
      draw();
    },
    fail,
  );
  const putWhole = newest(
    ({ text }) => model.call("look_back", text),
    (told, now) => {
      if (["text", "by", "weights"].some((name) => now[name] !== question()[name])) return;
      whole = told;
      attention.node.hidden = false;
      attention.update(whole, seen.position);
    },
    () => {}, // what is wrong is said where the lines would be
  );
  const putBack = newest(
    ({ text, position, of, start, path }) => model.call("follow_back", text, position, of, start, path),
    (told, now) => {
      if (wanted.follow === null || now.path !== wanted.follow.path) return;
      back.update({ ...told, starts_at_loss: now.start === null }, now.path);
      if (now.focus) back.focus();
      mark(told.line, told.text);
    },
    fail,
  );

  function fail(error, now) {
    asked = null;
    if (error.name !== "Ended" && now.by === model.edit()) setText(trouble, lastWords(error.message));
  }

  function ask() {
    if (node.hidden || !seen || !(model.edit() || seen.python.phase === "ready")) return describe();
    const now = question();
    if (asked && isNow(asked)) return describe();
    const another = asked === null || ["text", "by", "weights"].some((name) => now[name] !== asked[name]);
    if (wanted.follow && asked && (another || now.position !== asked.position)) wanted.follow = null;
    asked = now;
    put(now);
    clearTimeout(rest);
    if (another) whole = null;
    if (whole) attention.update(whole, seen.position);
    else rest = setTimeout(() => putWhole(now), REST);
    describe();
  }

  // ---- what the person does -------------------------------------------------------------

  function choose({ number, row, cell }) {
    Object.assign(wanted, { at: number, row, cell });
    controls.stop();
    draw();
  }

  function into(name) {
    wanted.opened.has(name) ? wanted.opened.delete(name) : wanted.opened.add(name);
    draw();
  }

  /** The rows that are lines, one after the other. */
  const moments = () =>
    table
      .rows()
      .map((row, i) => ({ ...row, row: i }))
      .filter(({ step, first }) => step && first);

  function play(moment) {
    const { step, row } = moments()[moment];
    Object.assign(wanted, { at: step.number, row, cell: null });
    draw();
  }

  /** start: null for the loss, undefined to leave it. */
  function follow(start, path) {
    wanted.follow = start === undefined ? null : { start, path };
    if (wanted.follow) {
      controls.stop();
      const { text, position } = question();
      putBack({ text, position, of: scope.value(), start, path, by: model.edit(), focus: true });
    } else {
      draw();
      table.focus();
    }
    describe();
  }

  function startOf() {
    const row = table.rows()[wanted.row];
    return [row.step.number, row.variable.name, placed(row.variable, wanted.cell).index];
  }

  // ---- what is seen ---------------------------------------------------------------------

  function draw() {
    if (!answer) return;
    if (led !== null) leadTo();
    const { at, cell, opened } = wanted;
    const gradients = answer.gradients;
    const shown = { at, row: wanted.row, cell, gradients, opened, beside: other };
    const { current, node: row } = table.update(answer, shown);
    const all = moments();
    const moment = all.findIndex(({ step }) => step.number === at);
    if (all.length) controls.update(Math.max(moment, 0), all.length - 1, caption(current ?? all[0]));
    if (row && wanted.follow === null) bring(row);
    setText(note, "");
    const noted = current && noteOn(current.step.line, current.step.text);
    note.replaceChildren(...(noted ? noted.cloneNode(true).childNodes : []));
    note.hidden = !answer.calls.some(({ steps }) => steps.some(({ line, text }) => noteOn(line, text)));
    tellCell(null);
    if (wanted.follow === null) mark(current?.step.line, current?.step.text);
    describe();
  }

  /** The line that was asked for by its beginning. */
  function leadTo() {
    const rows = answer.calls.flatMap(({ steps }) => steps);
    const toLines = led !== "";
    const found = toLines && rows.find(({ text, made }) => made.length && text.startsWith(led));
    const first = rows.find(({ made }) => made.length);
    if (found || wanted.at === null)
      Object.assign(wanted, { at: (found || first)?.number ?? null, row: null, cell: null });
    led = null;
    if (toLines) requestAnimationFrame(bringLines); // once they are drawn
  }

  function bringLines() {
    lines.scrollIntoView({ block: "start" });
    table.node.querySelector(".current")?.scrollIntoView({ block: "nearest" });
  }

  function tellCell(under) {
    const chosen =
      wanted.cell !== null && wanted.row !== null ? { row: table.rows()[wanted.row], cell: wanted.cell } : null;
    const told = under ?? chosen;
    const numbers = told?.row?.variable?.values === undefined ? null : placed(told.row.variable, told.cell);
    looked.update(numbers, chosen !== null && typeof numbers?.gradient !== "string");
  }

  /** Into sight within the lines, and nothing else moves. How high those above are is known a frame after they come near. */
  function bring(row, frames = 4) {
    const { scrollTop, clientHeight } = table.node;
    const bottom = row.offsetTop + row.offsetHeight;
    if (row.offsetTop < scrollTop + EDGE || bottom > scrollTop + clientHeight - EDGE) {
      table.node.scrollTo({ top: row.offsetTop - 0.3 * clientHeight, behavior: "instant" });
    }
    if (frames) requestAnimationFrame(() => row.matches(".current") && bring(row, frames - 1));
  }

  function describe() {
    if (!seen) return;
    const tokens = answer?.tokens ?? [];
    const ready = model.edit() || seen.python.phase === "ready";
    if (!ready) setText(about, say(seen.python.phase === "failed" ? "python_gone" : "python_starts"));
    else if (answer)
      setText(
        about,
        phrase(answer.cut ? "about_cut" : "about", {
          token: [tokens.at(-1)],
          position: answer.position,
          tokens,
          true: [answer.true],
        }),
      );
    scope.node.hidden = wanted.of === null && wanted.follow === null;
    besides.closest("label").hidden = wanted.follow !== null;
    measure.node.hidden = wanted.follow !== null;
    fromLoss.hidden = wanted.follow !== null;
    lines.hidden = !answer || wanted.follow !== null;
    back.node.hidden = wanted.follow === null;
    setText(explanation, wanted.follow ? say("follow_hint") : say(wanted.of ? "gradients_hint" : "values_hint"));
    node.classList.toggle("of-gradients", wanted.of !== null);
  }

  return {
    open(line) {
      led = line;
      asked = null;
      wanted.follow = null;
      ask();
    },
    close() {
      controls.stop();
      mark(null);
    },
    update(latest) {
      seen = latest;
      ask();
    },
  };
}

/** A row of radio buttons. Returns { node, value() }. */
function choices(name, options, chosen) {
  const node = element("fieldset.parts", {}, element("legend.sr-only", {}, say(name)));
  for (const [value, words] of options) {
    const radio = element("input", { type: "radio", name: `inside-${name}`, value });
    radio.checked = value === options[0][0];
    node.append(element("label", {}, radio, element("span", {}, words)));
  }
  node.addEventListener("change", ({ target }) => chosen(target.value));
  return { node, value: () => node.querySelector(":checked").value };
}

/** The number that is looked at. */
function readout(follow) {
  const name = keepAsItIs(element("code"));
  const value = data();
  const gradient = data();
  const more = element("span.with-gradient", {}, `${say("gradient")} `, gradient);
  const button = element("button", { type: "button", onclick: follow }, say("follow"));
  const hint = element("span.hint", {}, say("readout_hint"));
  const node = element("p.readout", {}, name, value, more, button, hint);
  return {
    node,
    update(numbers, canFollow) {
      for (const each of [name, value]) each.hidden = numbers === null;
      more.hidden = typeof numbers?.gradient !== "number";
      button.hidden = !canFollow;
      hint.hidden = numbers !== null;
      if (!numbers) return;
      setText(name, numbers.name.replace(/^return/, say("returned")));
      number(value, numbers.value, (it) => `= ${precise(it)}`);
      if (!more.hidden) number(gradient, numbers.gradient, precise);
    },
  };
}

/** What a line did, in one sentence. */
function caption({ step: { line, made } }) {
  const [first] = made;
  if (!first) return phrase("moment_none", { line });
  const name = first.name === "return" ? say("returned") : subscripted(first.name, first.index ?? []);
  if (first.values === undefined) return phrase("moment_other", { line, name, kind: first.kind });
  if (first.shape?.length === 0) return phrase("moment_number", { line, name, value: precise(first.values) });
  return phrase("moment_numbers", { line, name, shape: shapeWritten(first.shape), count: first.numbers });
}

// ---- The listing of the page ------------------------------------------------------------

const listed = (line, text) =>
  ["line", "file"]
    .map((id) => document.getElementById(`${id}-${line}`))
    .filter((node) => node?.textContent.trim() === text);

/** Mark this line wherever the page shows it; null: none. */
function mark(line, text) {
  const now = line ? listed(line, text) : [];
  for (const node of document.querySelectorAll(".listing .ran")) if (!now.includes(node)) node.classList.remove("ran");
  for (const node of now) node.classList.add("ran");
  document.dispatchEvent(new CustomEvent("line-looked-at", { detail: { line: line ?? null, text } }));
}

/** What the page's notes say of a line, if it has one: the paragraph. */
function noteOn(line, text) {
  const [node] = listed(line, text);
  return node?.closest(".block")?.querySelector(".beside > p:not(.larger)") ?? null;
}
