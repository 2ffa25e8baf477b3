// Has the page kept for use without a network, by the service worker in sw.js.

export async function keepOffline() {
  try {
    await navigator.serviceWorker?.register("sw.js");
  } catch {
    // Switched off, or storage is refused: then there is no copy, and everything else is as before.
  }
}
