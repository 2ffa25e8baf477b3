// What has been played of the game: every bet made, and the chips of the next one. The browser keeps it where it may;
// where one is in which name follows from it.

import { keep, keptJson } from "./storage.js";

const KEY = "trenchcoat-game";
const ENDS = "STOP"; // as py/lesson.py names it
const NOTHING = { seed: null, bets: [], chips: {}, begun: false };

/**
 * of: which model and names are played with (see building/figures.py); with others a name cannot be gone on with.
 * Returns { get, set(patch), place() }. What is kept: { seed: of the round, null until it has one, bets: [{ seed, name: its number, true, p,
 * model_p: of the truth, you, model: the losses }, ...], chips: { token: how many }, begun: whether the example was left }.
 */
export function keepPlayed(of) {
  let played = remembered(of);
  return {
    get: () => played,
    set(patch) {
      played = { ...played, ...patch };
      keep(KEY, JSON.stringify({ of, ...played }));
    },
    /** Where one is in the round: { name: its number, bets: those made on it }. */
    place() {
      const ofRound = played.bets.filter(({ seed }) => seed === played.seed);
      const last = ofRound.at(-1);
      if (!last) return { name: 0, bets: [] };
      if (last.true === ENDS || last.over) return { name: last.name + 1, bets: [] };
      return { name: last.name, bets: ofRound.filter(({ name, over }) => name === last.name && !over) };
    },
  };
}

/** Whether the example was left for the game, at some time. */
export function hasBegun() {
  return keptJson(KEY)?.begun === true;
}

function remembered(of) {
  const before = keptJson(KEY);
  if (!makesSense(before)) return NOTHING;
  if (before.of === of) return before;
  return { ...before, chips: {}, bets: before.bets.map((bet) => ({ ...bet, over: true })) };
}

/** Other programs, and people, write into a browser's storage, too. */
function makesSense(kept) {
  const isLoss = (loss) => loss === "Infinity" || isNumber(loss);
  const isShare = (p) => isNumber(p) && p <= 1;
  const isBet = (bet) =>
    Object(bet) === bet &&
    isWhole(bet.seed) &&
    isWhole(bet.name) &&
    typeof bet.true === "string" &&
    [bet.p, bet.model_p].every(isShare) &&
    [bet.you, bet.model].every(isLoss);
  const isSeed = kept?.seed === null || isWhole(kept?.seed);
  return isSeed && Array.isArray(kept.bets) && kept.bets.every(isBet) && Object(kept.chips) === kept.chips;
}

const isNumber = (value) => typeof value === "number" && value >= 0;
const isWhole = (value) => Number.isInteger(value) && value >= 0;
