"""The soak: whether the page is, after thousands of keystrokes and hundreds of names, still what it was."""

import random
import re
import string
from pathlib import Path

KEYSTROKES, NAMES = 5000, 500
ROUNDS = 10  # all alike: what the page keeps on purpose is there after the first, and the others should add nothing
NAMES_AT_ONCE = 20
LENGTH = 10  # of each text typed, in characters
REST = "emma"  # what stands there when the page is measured
PAUSE = 1000  # ms without a keystroke, after which the page has told a screen reader of it, too
MOST = {  # at the end, times what there was after the first round
    "MB of JavaScript": 1.1,
    "MB in use by Python": 1.1,
    "MB that Python has had of the browser": 1.1,
    "nodes in the page": 1,
    "listeners in the page": 1,
}
# What often runs is compiled to machine code after a while. That is memory, too, but the browser's own affair.
INTERPRET = "--js-flags=--no-sparkplug --no-maglev --no-turbofan"
PYTHON_MEMORY = (Path(__file__).parent / "python_memory.js").read_text(encoding="utf-8")


def watch_python(page):
    """Have the page that is opened next tell how much its Python holds; Python waits until it can be asked."""

    def begin(route):
        worker = page.workers[0] if page.workers else page.wait_for_event("worker")
        worker.evaluate(PYTHON_MEMORY)
        route.continue_()

    page.route(re.compile(r"\.wasm"), begin)


def soak(page, top):
    """Type and generate without a pause in a page that is ready. Returns what it holds after each round (see MOST).

    top(text): the highest probability after a text, by which the page shows that it has come so far.
    """
    rng, names, held = random.Random(0), 0, []
    for round in range(1, ROUNDS + 1):
        for mode in ("Forward", "Loss"):
            page.get_by_role("tab", name=mode).click()
            for _ in range(KEYSTROKES // ROUNDS // 2 // LENGTH):
                replace(page, "".join(rng.choices(string.ascii_lowercase, k=LENGTH)), top)
        page.get_by_role("tab", name="Sample").click()
        while names < NAMES // ROUNDS * round:
            page.get_by_role("button", name="Next seed").click()
            page.get_by_role("button", name=f"Generate {NAMES_AT_ONCE}").click()
            page.get_by_role("list", name="Generated names").wait_for()
            names += NAMES_AT_ONCE
        page.get_by_role("tab", name="Forward").click()
        replace(page, REST, top)
        page.wait_for_timeout(PAUSE)
        held.append(holds(page))
    return held


def replace(page, text, top):
    """Type a text in place of the one that is there, and wait until the page shows what comes of it."""
    page.get_by_label("Text", exact=True).press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.evaluate("p => bench.shown(p)", top(text))


def holds(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    devtools.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    devtools.detach()
    python = page.workers[0].evaluate("pythonMemory()")
    memory = [bytes / 1e6 for bytes in (metrics["JSHeapUsedSize"], python["used"], python["size"])]
    return dict(zip(MOST, [*memory, metrics["Nodes"], metrics["JSEventListeners"]]))
