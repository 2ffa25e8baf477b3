// Has the page kept for use without a network, by the service worker in sw.js.

/** newer(use) is called when a newer build of the page is there and waits; use() goes over to it, if it may. */
export async function keepOffline(newer) {
  try {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return; // over plain http
    if (await wasForgotten(serviceWorker)) return;
    const registration = await serviceWorker.register("sw.js");
    const look = () => registration.waiting && registration.active && newer(() => use(registration.waiting));
    look();
    registration.onupdatefound = () => (registration.installing.onstatechange = look);
  } catch {
    // Switched off, or storage is refused: then there is no copy, and everything else is as before.
  }
}

/** Whether the copy that this page came from has been given up. Registered now, it would come back, empty as it is. */
async function wasForgotten(serviceWorker) {
  const { controller } = serviceWorker;
  const registrations = await serviceWorker.getRegistrations();
  return controller !== null && !registrations.some(({ active }) => active === controller);
}

/** Have the page loaded anew from the newer build. Resolves to false if other tabs still need the older one. */
function use(waiting) {
  if (!waiting) return location.reload(); // its last other tab was closed, so it has taken over by itself
  waiting.onstatechange = () => waiting.state === "activated" && location.reload();
  const { port1, port2 } = new MessageChannel();
  waiting.postMessage("take over", [port2]);
  return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
}
