// When all of the page's HTML is there, whatever else is still to come.

export function pageIsRead() {
  return new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else document.addEventListener("readystatechange", resolve, { once: true });
  });
}
