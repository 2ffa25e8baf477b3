// A link within the page is added to the page's address. In a frame that was made of text (srcdoc), as in a notebook's
// cell, that is the address of the page around it, which the link would load into the frame.

/** Have such links lead within the page wherever it stands. */
export function linksStayInPage() {
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.href === location.href.replace(/#.*/, "") + link.hash) return; // the browser does it well
    event.preventDefault();
    if (location.hash === link.hash) document.getElementById(link.hash.slice(1))?.scrollIntoView();
    else location.hash = link.hash;
  });
}
