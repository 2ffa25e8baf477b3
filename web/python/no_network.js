// Nothing that runs in this worker reaches beyond it: the code that Python is given may come from anybody.
//
// The page's Content-Security-Policy holds in here, because the worker comes from a Blob (one that had an address
// of its own would be held to nothing), and so nothing can be sent to another origin, whatever is tried. Taking
// the ways out away besides keeps the page's own server and its offline copy out of reach, and gives an error
// that people understand.

import { no_network } from "../words/en/messages.json";

const WAYS_OUT = [
  ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource"],
  ...["importScripts", "Worker", "SharedWorker", "BroadcastChannel", "caches", "indexedDB"],
];

export function refuse() {
  throw new TypeError(no_network);
}

for (let scope = self; scope; scope = Object.getPrototypeOf(scope)) {
  for (const name of WAYS_OUT) {
    if (Object.hasOwn(scope, name)) Object.defineProperty(scope, name, { value: refuse, writable: true });
  }
}
