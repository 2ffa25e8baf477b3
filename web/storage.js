// What the browser keeps for this page, where it may: in private windows, and where it is full, it keeps nothing.

/** The text kept by that name, or null. */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keep a text by that name, or with null, none. Returns whether this browser does. */
export function keep(name, text) {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** What was kept as JSON by that name; null if there is nothing, or what nobody can read: others write there, too. */
export function keptJson(name) {
  try {
    return JSON.parse(kept(name));
  } catch {
    return null;
  }
}

// What is too large for that has a database of its own, of which nobody has to wait for an answer.

const DATABASE = "trenchcoat";
const STORE = "large";

/** Keep a value by that name, or with null, none. Resolves to whether this browser does. */
export async function keepLarge(name, value) {
  try {
    await inStore("readwrite", (store) => (value === null ? store.delete(name) : store.put(value, name)));
    return true;
  } catch {
    return false;
  }
}

/** The value kept by that name, or null. */
export async function keptLarge(name) {
  try {
    return (await inStore("readonly", (store) => store.get(name))) ?? null;
  } catch {
    return null;
  }
}

async function inStore(mode, work) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
