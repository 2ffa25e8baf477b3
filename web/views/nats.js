// Losses as they are written and drawn. Of the game's, one may be infinite: it comes as the word "Infinity".

import { decimals } from "./element.js";

const ROOM = 1.5; // of the drawing, in losses of guessing blindly

export const isInfinite = (loss) => !Number.isFinite(Number(loss));

/** As people read it. */
export const nats = (loss) => (isInfinite(loss) ? "∞" : decimals(2)(Number(loss)));

/** How many nats a drawing of these losses has room for; guessing: the loss of guessing blindly. */
export function tallest(guessing, losses) {
  return Math.max(ROOM * guessing, ...losses.filter((loss) => !isInfinite(loss)).map(Number));
}

/** How far a loss reaches in a drawing with so much room, from 0 to 1. */
export const reach = (loss, top) => Math.min(Number(loss) / top, 1);
