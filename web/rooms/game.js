// Be the model: bets on the next token of a hidden name. This room counts chips; what they mean, what comes, and what
// it costs, Python says (py/game.py). Nobody else in the page knows the name.

import { heard } from "../words/characters.js";
import { keepPlayed } from "../played.js";
import { newest } from "../python/newest.js";
import { lastWords } from "../python/protocol.js";
import { SEEDS } from "../state.js";
import { element, setText } from "../views/element.js";
import { gameTable } from "../views/game.js";
import { gameScore } from "../views/standing.js";
import { costsOf, costs as costsTable, verdictSentence } from "../views/costs.js";
import { wholeName } from "../views/whole_name.js";
import { phrase, say } from "../words/say.js";

const ENDS = "STOP"; // as py/lesson.py names it
const STOP_KEY = ".";
const PAUSE = 600; // ms without a change before chips are worth saying

export function game(node, { build, state, model, restart }) {
  const ask = model.original; // it is the original that one plays against, also while an edit is in use
  const tokens = [...build.vocabulary, ENDS];
  const n = build.game.chips;
  const played = keepPlayed(build.game.of);
  const part = (name) => node.querySelector(`.${name}`);

  let { seed } = played.get();
  let current = null; // the name that is bet on: { name: its number, bets: those made on it }
  let chips = []; // how many lie on each token
  let spread = null; // what Python says of them
  let judged = null; // what came of them, once it is revealed
  let standing = null; // the score
  let waits = false; // whether Reveal was pressed and Python has not answered yet
  let trouble = "";
  let forgotten = null; // what was played before it was started over
  let python = { phase: "loading" };

  // ---- What stands there

  const table = gameTable({ tokens, n, lay });
  const heading = element("h3");
  const go = element("button.primary", { type: "button", onclick: press });
  const clear = element("button", { type: "button", onclick: takeAll }, say("take_all"));
  const keys = element("p.hint.keys");
  const note = element("p.refusal");
  const again = element("button", { type: "button", onclick: restart }, say("start_again"));
  const costs = costsTable();
  const whole = wholeName();
  const ending = element("p.verdict");
  const look = element("a.try.loss");
  const tries = element("p.tries");
  const over = element("div.over", {}, ending, whole.node, tries);
  const scores = gameScore({ link, copied: scoreInWords, startOver });
  const example = element("button.quiet", { type: "button", onclick: () => begin(false) }, say("show_example"));
  const ear = element("p.sr-only", { "aria-live": "polite" });
  const board = element(
    "div.board",
    { role: "group", "aria-label": say("board") },
    element("div.bar", {}, heading, example),
    table.node,
    element("div.controls.moves", {}, go, clear, keys),
    note,
    again,
    costs.node,
    over,
  );
  setText(keys, phrase("game_keys"));
  part("game-card").append(board, scores.node, ear);
  part("your-turn").hidden = false;
  part("your-turn").addEventListener("click", () => begin(true));
  board.addEventListener("keydown", keyPressed);

  // ---- What the person does

  /** Leave the example for the game, or come back to it. */
  function begin(begun) {
    played.set({ begun });
    draw();
    if (begun) {
      table.bets.focus(0);
      board.scrollIntoView({ block: "nearest" });
    } else part("your-turn").focus();
  }

  /** So many chips are to lie on the i-th token. */
  function lay(i, count) {
    if (judged) return;
    const free = n - total();
    const laid = Math.min(Math.max(count, 0), chips[i] + free);
    trouble = count > laid && free === 0 ? say("no_chips_left", { n }) : "";
    put(chips.map((each, at) => (at === i ? laid : each)));
    announce(say("announce_chips", { token: heard(tokens[i]), chips: chips[i], left: n - total() }), PAUSE);
  }

  function put(laid) {
    if (judged || (waits && isReady())) return draw();
    chips = laid;
    if (!isReady()) spread = null; // what Python said is not of these
    played.set({ chips: Object.fromEntries(tokens.map((token, i) => [token, chips[i]]).filter(([, count]) => count)) });
    askSpread();
    draw();
  }

  function takeAll() {
    trouble = "";
    put(tokens.map(() => 0));
    table.bets.focus(0); // the button has nothing more to do, and would leave a keyboard nowhere
  }

  /** Reveal and Next are one button, under the same finger. */
  function press() {
    if (judged) return next();
    if (waits && isReady()) return;
    waits = true;
    trouble = "";
    if (isReady()) reveal();
    else announce(waiting());
    draw();
  }

  function next() {
    open();
    askStanding();
    draw();
    table.node.scrollIntoView({ block: "nearest" });
    announce(nameSoFar());
  }

  /** A key means something only while the focus is on the board. */
  function keyPressed(event) {
    const { key, target, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || target.matches("input")) return;
    const onLetter = target.closest(".put");
    if (key === "Enter" && onLetter) {
      event.preventDefault();
      if (!event.repeat) press();
      return;
    }
    if (judged) return;
    const at = table.bets.tokenOf(target);
    const step = { ArrowUp: 1, ArrowDown: -1, "+": 1, "-": -1, Backspace: -1, Delete: -1 }[key];
    const i = step && onLetter ? at : tokenOfKey(event);
    if (i < 0) return;
    event.preventDefault();
    if (onLetter && i !== at) table.bets.focus(i);
    lay(i, chips[i] + (step ?? (shiftKey ? -1 : 1)));
  }

  function tokenOfKey({ key, code }) {
    const known = tokens.indexOf(key) >= 0 ? key : key.toLowerCase();
    if ([...known].length === 1 && known !== " " && tokens.includes(known)) return tokens.indexOf(known);
    return key === STOP_KEY || code === "Period" ? tokens.indexOf(ENDS) : -1; // with Shift its key is another
  }

  function startOver() {
    const before = played.get();
    played.set(forgotten ?? { seed: state.get().game, bets: [], chips: {} });
    forgotten = forgotten ? null : before;
    seed = played.get().seed;
    open();
    if (isReady()) settleSeed().then(draw, failed);
    askStanding();
    draw();
  }

  // ---- What Python says

  const isReady = () => python.phase === "ready";
  const total = () => chips.reduce((sum, count) => sum + count, 0);

  const askNewest = newest(
    (laid) => ask("spread", laid),
    (answer, laid) => {
      if (laid !== chips) return;
      spread = answer;
      draw();
    },
    failed,
  );

  function askSpread() {
    if (isReady()) askNewest(chips);
  }

  /** A round that nobody has named is one of Python's choice: the names in an order that others are not likely to have. */
  async function settleSeed() {
    if (seed !== null) return;
    const any = await ask("any_seed", SEEDS.min, SEEDS.max);
    if (seed !== null) return; // a link has named one meanwhile
    seed = any;
    played.set({ seed });
  }

  async function reveal() {
    const asked = current;
    const { name, bets } = current;
    let answer;
    try {
      await settleSeed();
      answer = await ask("judge", seed, name, bets.length, chips);
    } catch (error) {
      waits = error.name === "Ended"; // if so, it is asked again as soon as Python runs again
      failed(error);
      return;
    }
    if (asked !== current) return; // another round was begun meanwhile
    judged = answer;
    waits = false;
    forgotten = null;
    const { you, model } = judged;
    const bet = { seed, name, true: judged.true, p: you.p, model_p: model.p, you: you.loss, model: model.loss };
    current = { name, bets: [...bets, bet] };
    played.set({ seed, bets: [...played.get().bets, bet], chips: {} });
    await askStanding();
    draw();
    costs.node.scrollIntoView({ block: "nearest" });
    const said = [verdictSentence(judged), say("moment_costs", costsOf(judged))];
    if (isOver() && standing?.name) said.push(endingSentence());
    announce(said.join(" "));
  }

  async function askStanding() {
    const { bets } = played.get();
    if (bets.length === 0) standing = null;
    if (bets.length === 0 || !isReady()) return;
    const which = (belongs) => bets.flatMap((bet, i) => (belongs(bet, i) ? [i] : []));
    const spans = {
      letter: which((_, i) => i === bets.length - 1),
      name: which((bet) => current.bets.includes(bet)),
      round: which((bet) => bet.seed === seed),
      all: which(() => true),
    };
    for (const [span, bets] of Object.entries(spans)) if (bets.length === 0) delete spans[span];
    try {
      const losses = bets.map(({ you, model }) => [you, model]);
      const answer = await ask("standing", losses, spans);
      if (bets === played.get().bets) standing = answer;
    } catch (error) {
      failed(error);
    }
    draw();
  }

  /** That Python has ended is said by its own report, and chips stay. */
  function failed(error) {
    if (error.name !== "Ended") trouble = say("call_failed", { message: lastWords(error.message) });
    draw();
  }

  // ---- What is shown

  /** The next letter of the round, with the chips that were laid on it before the page was left. */
  function open(kept = {}) {
    current = played.place();
    chips = tokens.map((token) => kept[token] ?? 0);
    [judged, spread, waits, trouble] = [null, null, false, ""];
    askSpread();
  }

  const isOver = () => judged?.true === ENDS;
  const text = () => current.bets.slice(0, judged ? -1 : undefined).map((bet) => bet.true);
  const nameSoFar = () => say("announce_name", { name: current.name + 1, tokens: ["START", ...text()] });

  function link() {
    return `${location.href.replace(/#.*/, "")}#game=${seed}`;
  }

  function waiting() {
    if (python.phase === "failed") return say("game_failed");
    return waits && !isReady() ? say("game_waiting") : "";
  }

  function endingSentence() {
    return phrase("game_over", { text: text().join(""), ...averages(standing.name) });
  }

  function averages({ you, model, count }) {
    return { you, model, blind: standing.blind, count };
  }

  function scoreInWords() {
    const names = new Set(
      played
        .get()
        .bets.filter((bet) => bet.seed === seed)
        .map((bet) => bet.name),
    ).size;
    const { round } = standing;
    const told = [say(names === 1 ? "score_words_one" : "score_words", { seed, names, ...averages(round) })];
    if (round.rest) told.push(say("score_words_rest", { impossible: round.impossible, ...averages(round.rest) }));
    return [...told, link()].join(" ");
  }

  function draw() {
    const { begun, bets } = played.get();
    part("clip").hidden = part("example-bar").hidden = begun;
    board.hidden = !begun;
    scores.node.hidden = !begun || (standing === null && !forgotten);
    setText(heading, say("name_number", { name: current.name + 1 }));
    table.update({ text: text(), chips, spread, judged });
    setText(go, say(judged === null ? "reveal" : isOver() ? "next_name" : "next"));
    clear.hidden = judged !== null;
    clear.disabled = total() === 0 || waits;
    keys.hidden = judged !== null;
    setText(note, trouble || waiting());
    again.hidden = python.phase !== "failed";
    costs.node.hidden = judged === null;
    if (judged) costs.update({ judged, chips, tokens, n });
    over.hidden = !isOver() || !standing?.name;
    if (!over.hidden) {
      setText(ending, endingSentence());
      whole.update(current.bets, standing.blind);
      setText(look, phrase("look_in_sandbox", { text: text().join("") }));
      look.href = `#text=${encodeURIComponent(text().join(""))}&mode=loss`;
      if (!look.parentNode) tries.append(look);
    } else look.remove(); // nothing leads to a name that is still hidden
    scores.update({ standing, judged, forgotten, played: bets.length > 0, seed });
  }

  let timer = null;
  function announce(sentence, pause = 0) {
    clearTimeout(timer);
    timer = setTimeout(() => setText(ear, sentence), pause);
  }

  /** Play the round of that seed, from where one was in it. */
  function play(round) {
    seed = round;
    played.set({ seed, chips: {} });
    open();
    askStanding();
  }

  const asked = state.get().game;
  if (asked !== null && asked !== seed) play(asked);
  else open(played.get().chips);
  draw();
  if (asked !== null && cameByLink()) node.scrollIntoView({ behavior: "instant" });

  return {
    update({ state: { game: round }, python: report }) {
      const became = report.phase !== python.phase ? report.phase : null;
      python = report;
      if (round !== null && round !== seed) {
        play(round);
        draw();
        node.scrollIntoView();
      }
      if (became === "ready") {
        askSpread();
        askStanding();
        if (waits) reveal();
      }
      if (became) draw();
    },
  };
}

/** Not after Reload, Back or Forward, when the browser knows better where one was. */
function cameByLink() {
  return performance.getEntriesByType("navigation")[0]?.type === "navigate";
}
