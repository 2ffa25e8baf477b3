// The three modes as tabs: arrow keys move between them, Home and End go to the ends.

/** tabs: the elements with role="tab", each with its panel in aria-controls. Returns { update(mode) }. */
export function modeTabs(tabs, choose) {
  const modes = tabs.map((tab) => tab.dataset.mode);
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(modes[i]));
    tab.addEventListener("keydown", (event) => {
      const next = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return; // such as Back
      event.preventDefault();
      const target = (next + tabs.length) % tabs.length;
      tabs[target].focus();
      choose(modes[target]);
    });
  });
  return {
    update(mode) {
      for (const tab of tabs) {
        const chosen = tab.dataset.mode === mode;
        tab.setAttribute("aria-selected", chosen);
        tab.tabIndex = chosen ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
      }
    },
  };
}
