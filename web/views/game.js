// The game's table: the name so far, the chips that are left, and the board they are laid on.

import { say } from "../words/say.js";
import { betsTable } from "./bets.js";
import { verdictSentence } from "./costs.js";
import { data, element, number, percent, setText } from "./element.js";
import { tokenList } from "./tokens.js";

/**
 * tokens: the names of all, in the model's order. n: how many chips there are. lay(i, count): so many are to lie on the
 * i-th. Returns { node, bets, update(bet) }; bet: { text: the characters so far, chips: how many lie on each token,
 * spread: what that says of each, null before Python runs, judged: what came of it, once it is revealed }.
 */
export function gameTable({ tokens, n, lay = () => {} }) {
  const name = tokenList();
  const bank = chipBank(n);
  const verdict = element("p.verdict");
  const bets = betsTable({ tokens, n, lay });
  return {
    node: element("div.table", {}, name.node, element("div.told", {}, bank.node, verdict), bets.node),
    bets,
    update({ text, chips, spread, judged = null }) {
      const shown = ["START", ...text, judged?.true ?? "?"];
      name.update(shown, shown.length - 1);
      name.node.classList.toggle("open", judged === null);
      bank.update(n - chips.reduce((sum, count) => sum + count, 0), tokens.length, spread);
      bank.node.classList.toggle("unknown", judged !== null);
      setText(verdict, judged ? verdictSentence(judged) : ""); // in place of the chips that were left
      bets.update({ chips, spread, judged });
    },
  };
}

/** The chips that are left, and what becomes of them. */
function chipBank(n) {
  const discs = Array.from({ length: n }, () => element("span.disc"));
  const count = data();
  const left = element("span");
  const words = element("span");
  const share = data();
  return {
    node: element(
      "p.bank",
      {},
      element("span.pile", { "aria-hidden": "true" }, ...discs),
      element("b", {}, count, " ", left),
      " ",
      element("span.kept", {}, words, " ", share),
    ),
    update(free, n_tokens, spread) {
      for (const [i, disc] of discs.entries()) disc.classList.toggle("out", i >= free);
      number(count, free, String);
      setText(left, say(free === 1 ? "chip_left" : "chips_left"));
      const known = !spread ? "chips_kept" : free === n ? "chips_unlaid" : free === 0 ? "none_left" : "chips_spread";
      setText(words, say(known, { count: n_tokens }));
      share.hidden = !spread;
      if (spread) number(share, spread.share, percent);
    },
  };
}
