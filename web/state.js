// What the person has chosen: one object, one table of its properties, kept in the page's link; and beside, whether the
// sandbox stands beside the text, which is no part of the link but of the browser's history.

import { bare, isKnown } from "./words/characters.js";

export const MAX_TYPED = 10; // characters
export const TEMPERATURES = { min: 0.1, max: 2, step: 0.05 };
export const SEEDS = { min: 0, max: 999_999 };
const NAMES = ["text", "mode", "position", "temperature", "seed", "draws", "game"]; // as properties() has them
const MODES = ["forward", "loss", "sample", "train"];
export const MAX_DRAWS = 16;

/** What the page begins with, but for the text, which suits the model; the figures made at build time show just this. */
export const START = { mode: "forward", position: null, temperature: 1, seed: 1, draws: [], game: null };

// vocabulary(): of the model in use. For each property: read, from the link's text, undefined if that makes no sense; write, back.
function properties(vocabulary, start) {
  return {
    text: {
      start,
      read: (given) => {
        const text = bare(given, vocabulary());
        return [...text].length <= MAX_TYPED && isKnown(text, vocabulary()) ? text : undefined;
      },
      write: (text) => text,
    },
    mode: { read: (mode) => (MODES.includes(mode) ? mode : undefined), write: (mode) => mode },
    // The position looked at; null is the last one, whatever the text.
    position: { read: (text) => wholeNumber(text, 0, 15), write: String },
    temperature: { read: readTemperature, write: String },
    seed: { read: (text) => wholeNumber(text, SEEDS.min, SEEDS.max), write: String },
    // The temperature of each draw made: "3" is three at the temperature of now, "2@1,1@0.5" says which.
    draws: { read: readDraws, write: writeDraws },
    // The round of the game that the link asks for, by the seed of its names; null leaves the game as it is.
    game: { read: (text) => wholeNumber(text, SEEDS.min, SEEDS.max), write: String },
  };
}

/**
 * The state as the link has it, with defaults for what it lacks or gets wrong, and changed by change().
 * Who listens is called after every change, also one that comes from Back or Forward. Beside its properties the state
 * has leftOut: what of the link could not be understood, [name, value] each or [a place, null], until the person changes something.
 */
export function keepState({ vocabulary, start }) {
  const table = properties(vocabulary, start);
  let listener = () => {};
  let state = { ...read(location.hash, table), beside: history.state?.beside ?? false };
  let lastKind = null;
  rewrite("replaceState", location.hash); // so that Back knows where the sandbox was

  addEventListener("popstate", ({ state: entry }) => {
    const asked = read(location.hash, table);
    const chosen = isPlace(location.hash) ? { ...state, leftOut: asked.leftOut } : asked;
    state = { ...chosen, beside: entry?.beside ?? state.beside }; // a link that was followed keeps it where it is
    if (!entry) rewrite("replaceState", location.hash);
    lastKind = null;
    listener(state);
    if (entry?.place === undefined) return;
    const backToPlace = () => scrollTo({ top: entry.place, behavior: "instant" });
    backToPlace();
    requestAnimationFrame(backToPlace); // some browsers go to a place of their own meanwhile
  });
  // Once the person has been led to a place in the page, the link goes on holding the state.
  addEventListener("hashchange", () => {
    if (isPlace(location.hash)) rewrite("replaceState", write(state, table) || location.hash);
  });

  function rewrite(how, hash, more = {}) {
    const page = location.href.replace(/#.*/, ""); // to which the browser itself does not add it in every frame
    try {
      history[how]({ beside: state.beside, ...more }, "", page + hash);
    } catch {
      // Safari refuses more than a hundred in some seconds, which a slider can reach: a later change will do.
    }
  }

  function put(patch, how) {
    const moved = "beside" in patch && patch.beside !== state.beside;
    // The sandbox will change how far down everything is: Back leads to the place that is being read now.
    if (moved && how === "pushState") rewrite("replaceState", location.hash, { place: scrollY });
    state = { ...state, ...patch };
    const link = write(state, table);
    if (moved || link !== location.hash) rewrite(how, link);
    listener(state);
  }

  return {
    get: () => state,
    /** listen(state) from now on. */
    listen(listen) {
      listener = listen;
    },
    /**
     * Changes of the same kind that follow each other (letter after letter) are one step for Back; a change
     * without a kind is always a step of its own.
     */
    change(patch, kind = null) {
      const sameStep = kind !== null && kind === lastKind;
      lastKind = kind;
      put({ ...patch, leftOut: [] }, sameStep ? "replaceState" : "pushState");
    },
    /** As a link of the page has it, and with what else is to change: a step for Back. */
    follow(link, patch) {
      lastKind = null;
      put({ ...read(link, table), game: state.game, ...patch }, "pushState");
    },
    /** What the link claimed was not possible: no step for Back, which would only lead to the claim again. */
    correct: (patch) => put(patch, "replaceState"),
  };
}

/** Whether a link's hash names a place in the page, such as #loss or #line-204, and no state. */
function isPlace(hash) {
  return hash !== "" && !hash.includes("=") && unwrapped(hash) === hash;
}

function isThere(hash) {
  if (hash === "#top") return true; // for every browser the top of the page
  try {
    return document.getElementById(decodeURIComponent(hash.slice(1))) !== null;
  } catch {
    return false; // a lone "%"
  }
}

/** A state from a link's hash. Whatever stands there, the result is a state. */
function read(hash, table) {
  const asWritten = parts(hash, table);
  const state = asWritten.leftOut.length ? parts(unwrapped(hash), table) : asWritten;
  // Draws at "the temperature of now" need that temperature, which stands elsewhere in the link.
  return { ...state, draws: state.draws.map((temperature) => temperature ?? state.temperature) };
}

function parts(hash, table) {
  const state = { text: table.text.start, ...START, leftOut: [] };
  if (isPlace(hash)) return isThere(hash) ? state : { ...state, leftOut: [[hash, null]] };
  const given = new URLSearchParams(hash.slice(1));
  const known = new Set();
  for (const [name, value] of given) {
    if (known.has(name)) continue; // of a part named twice the first counts
    known.add(name);
    const read = NAMES.includes(name) ? table[name].read : () => undefined;
    const part = read(value) ?? read(withoutPunctuation(value));
    if (part === undefined) state.leftOut.push([name, value]);
    else state[name] = part;
  }
  return state;
}

/** A link as it was before a program wrote its "&" and "=" in another way, as those that send messages do. */
function unwrapped(hash) {
  const name = `(${NAMES.join("|")})`;
  const parting = new RegExp(`(?:&amp;|%26amp;|%26|&)${name}(?=(?:=|%3D))`, "gi");
  return hash.replace(parting, "&$1").replace(new RegExp(`([#&])${name}%3D`, "gi"), "$1$2=");
}

/** Without the brackets and quotes that a link was put into, and what ends the sentence that it stood in. */
function withoutPunctuation(value) {
  return value.replace(/^[\s([<"'“”‘’«»„*`]+|[\s)\]>"'“”‘’«»*`.,;:!?…]+$/g, "");
}

/** The hash that read() makes the state of: only what differs from the defaults. */
function write(state, table) {
  const start = { text: table.text.start, ...START };
  const given = new URLSearchParams();
  for (const [name, { write }] of Object.entries(table)) {
    const value = write(state[name], state);
    if (value !== write(start[name], start)) given.set(name, value);
  }
  return `${given}` && `#${given}`;
}

/** To the nearest that the slider has, so that it stands where the number says. */
function readTemperature(text) {
  const { min, max, step } = TEMPERATURES;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? Math.round(value / step) / (1 / step) : undefined;
}

function wholeNumber(text, min, max) {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

function readDraws(text) {
  if (/^\d+$/.test(text)) {
    const count = wholeNumber(text, 0, MAX_DRAWS);
    return count === undefined ? undefined : Array(count).fill(null);
  }
  const draws = [];
  for (const run of text.split(",", MAX_DRAWS + 1)) {
    const [count, at] = run.split("@");
    const [times, each] = [wholeNumber(count, 1, MAX_DRAWS), readTemperature(at ?? "")];
    if (times === undefined || each === undefined) return undefined;
    draws.push(...Array(times).fill(each));
  }
  return draws.length <= MAX_DRAWS ? draws : undefined;
}

function writeDraws(draws, { temperature }) {
  if (draws.every((each) => each === temperature)) return String(draws.length);
  const runs = [];
  for (const each of draws) {
    if (runs.at(-1)?.temperature === each) runs.at(-1).count++;
    else runs.push({ temperature: each, count: 1 });
  }
  return runs.map(({ temperature, count }) => `${count}@${temperature}`).join(",");
}
