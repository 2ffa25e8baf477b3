// A script of its own, for a room that not everybody opens: fetched, or taken out of the page that carries it, once.

import { embedded } from "./python/embedded.js";
import { lookInto } from "./refusal.js";
import { element } from "./views/element.js";
import { say } from "./words/say.js";

/**
 * What the script `file` leaves in window under its name. places: { file: { address, integrity } }, null if the page
 * carries them in itself. Rejects with an error whose message says why, "" if the script itself is of no use here; again:
 * whether it may help to try again.
 */
export async function fetchScript({ file, name }, places) {
  if (!window[name]) {
    const place = places?.[file];
    const attributes = place ? { src: place.address, integrity: place.integrity } : {};
    const script = element("script", attributes);
    if (place) await arrival(script, file, place.address);
    else {
      script.textContent = await embedded(file).text();
      document.head.append(script);
    }
  }
  if (!window[name]) throw new Error("");
  return window[name];
}

/** Why fetchScript() rejected, in words; room: how they are named. */
export function whyNot({ message, again }, room) {
  return [message || say(`${room}_unusable`), ...(again ? [say(`${room}_again`)] : [])].join(" ");
}

async function arrival(script, file, address) {
  try {
    await new Promise((onload, onerror) => {
      Object.assign(script, { onload, onerror });
      document.head.append(script);
    });
  } catch {
    script.remove();
    throw Object.assign(new Error((await lookInto(file, address, { type: "javascript" })) ?? ""), { again: true });
  }
}
