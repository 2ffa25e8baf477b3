"""What the page does not do, whoever asks: run what is not its own, or send anything anywhere."""

import http.server
import json
import re
import threading
import time

import pytest
from playwright.sync_api import expect

from building import server
from e2e import shown
from e2e.conftest import BASE, BOOT_TIMEOUT, without_python
from e2e.edited import edited

REFUSED = "Content Security Policy|Content-Security-Policy|ERR_BLOCKED_BY_CSP"  # what the browser says of it

# Ways to reach another origin, `there`. Those in both run in the page as well as in a worker.
IN_BOTH = {
    "fetch": "await fetch(there)",
    "fetch without an answer": "await fetch(there, { mode: 'no-cors' })",
    "XMLHttpRequest": "const asked = new XMLHttpRequest(); asked.open('GET', there, false); asked.send()",
    "WebSocket": "const socket = new WebSocket(there.replace('http', 'ws')); await new Promise(end => socket.onclose = end)",
    "EventSource": "const events = new EventSource(there); await new Promise(end => events.onerror = end); events.close()",
    "import": "await import(there)",
    "a font": "await new FontFace('Font', `url(${there})`).load()",
}
IN_A_WORKER = {
    "importScripts": "importScripts(there)",
    "a worker within": """
        const script = URL.createObjectURL(new Blob([`fetch("${there}").finally(() => postMessage("done"))`]));
        const within = new Worker(script);
        await new Promise(end => within.onmessage = within.onerror = end)""",
}
IN_THE_PAGE = {
    "sendBeacon": "navigator.sendBeacon(there)",
    "an image": "await new Promise(end => Object.assign(new Image(), { onload: end, onerror: end, src: there }))",
    "a script": "await added('script', { src: there })",
    "a style sheet": "await added('link', { rel: 'stylesheet', href: there })",
    "a frame": "await added('iframe', { src: there })",
    "a form": "document.body.append(element('form', { action: there })); document.forms[0].submit()",
}
TRY = """
    const LIMIT = 2000; // ms; not all that is refused says so
    const settled = (way) => way().catch(() => {});
    const element = (name, properties) => Object.assign(document.createElement(name), properties);
    const added = (name, properties) => new Promise((end) => {
      addEventListener("securitypolicyviolation", end);
      document.body.append(element(name, { onload: end, onerror: end, ...properties }));
    });
    await Promise.race([settled(async () => { %s }), new Promise((end) => setTimeout(end, LIMIT))])"""
WORKER = """code => new Promise((end) => {
  const worker = new Worker(URL.createObjectURL(new Blob([code])));
  worker.onmessage = worker.onerror = end;
})"""

# What Python code may think of to do the same, and what else it should leave alone. Its last line tells of all.
ATTACK = """
import js
import pyodide.code


def open_url():
    import pyodide.http

    return pyodide.http.open_url(THERE)


attempts = {
    "fetch": lambda: js.fetch(THERE),
    "the prototype's fetch": lambda: js.WorkerGlobalScope.prototype.fetch(THERE),
    "XMLHttpRequest": lambda: js.XMLHttpRequest.new(),
    "WebSocket": lambda: js.WebSocket.new(THERE.replace("http", "ws")),
    "EventSource": lambda: js.EventSource.new(THERE),
    "importScripts": lambda: js.importScripts(THERE),
    "a worker": lambda: js.Worker.new(THERE),
    "a channel to other tabs": lambda: js.BroadcastChannel.new("tabs"),
    "the offline copy": lambda: js.caches.keys(),
    "a database": lambda: js.indexedDB.open("kept"),
    "open_url": open_url,
    "import": lambda: pyodide.code.run_js(f"import('{THERE}')"),
    "eval": lambda: js.eval("1"),
    "Function": lambda: js.Function.new("return 1")(),
}
told = {}
for name, attempt in attempts.items():
    try:
        told[name] = f"went through: {attempt()}"
    except BaseException as error:
        told[name] = str(error)
js.told = json.dumps(told)
"""
NO_NETWORK = "There is no network in here"
OTHER_WORDS = {"the offline copy", "a database", "open_url", "import", "eval", "Function"}  # Python's or the browser's


class Elsewhere(http.server.ThreadingHTTPServer):
    """Another origin, which welcomes everybody and remembers who came."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Welcome)
        self.visitors = []

    def address(self, name):
        return f"http://127.0.0.1:{self.server_address[1]}/{re.sub(' ', '-', name)}"

    def wait_for_visitors(self):
        """Wait until somebody came. Returns the last words of the addresses asked for."""
        end = time.monotonic() + BOOT_TIMEOUT / 1000
        while not self.visitors:
            assert time.monotonic() < end, "nobody came"
            time.sleep(0.02)
        return {re.search(r"\w+", visitor[visitor.rindex("-") :])[0] for visitor in self.visitors}


class Welcome(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/favicon.ico":  # which a browser that has come asks for by itself
            self.server.visitors.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        kind = "css" if "style" in self.path else "javascript" if re.search("script|import", self.path) else "html"
        self.send_header("Content-Type", f"text/{kind}")
        self.end_headers()

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere():
    with Elsewhere() as other:
        threading.Thread(target=other.serve_forever, args=[0.05], daemon=True).start()
        yield other
        other.shutdown()


@pytest.fixture(scope="module")
def empty_pages(assets):
    """The address of two pages with nothing in them: held.html is under the page's policy, free.html under none."""
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>', assets["index.html"].body.decode())[0]
    files = {
        f"{name}.html": server.Asset(f"<!doctype html><html><head>{meta}</head><body></body></html>".encode(), ".html")
        for name, meta in {"held": policy, "free": ""}.items()
    }
    with server.running(files, BASE) as address:
        yield address


@pytest.fixture(scope="module")
def empty_page(browser, empty_pages):
    """A function that opens one of them anew."""
    context = browser.new_context(base_url=empty_pages)
    pages = {name: context.new_page() for name in ("held", "free")}

    def open(name):
        pages[name].goto("about:blank")
        pages[name].goto(f"{name}.html")
        return pages[name]

    yield open
    context.close()


def in_the_page(way):
    return f"async there => {{ {TRY % way} }}"


def in_a_worker(way, there):
    return f"(async there => {{ {TRY % way}; postMessage('done') }})({json.dumps(there)})"


# ---- nothing goes out ---------------------------------------------------------------------


@pytest.mark.parametrize("name, way", (IN_BOTH | IN_THE_PAGE).items(), ids=IN_BOTH | IN_THE_PAGE)
def test_the_page_reaches_no_other_origin(empty_page, elsewhere, name, way):
    for page in ("held", "free"):
        empty_page(page).evaluate(in_the_page(way), elsewhere.address(f"{name} {page}"))
    assert elsewhere.wait_for_visitors() == {"free"}  # so the attempt was a good one


@pytest.mark.parametrize("name, way", (IN_BOTH | IN_A_WORKER).items(), ids=IN_BOTH | IN_A_WORKER)
def test_a_worker_started_as_the_page_starts_python_reaches_no_other_origin(empty_page, elsewhere, name, way):
    for page in ("held", "free"):
        empty_page(page).evaluate(WORKER, in_a_worker(way, elsewhere.address(f"{name} {page}")))
    assert elsewhere.wait_for_visitors() == {"free"}


@pytest.mark.expects(REFUSED)
def test_python_code_cannot_send_anything_anywhere_and_is_told_why(open_page, boot, assets, elsewhere):
    attack = ATTACK.replace("THERE", repr(elsewhere.address("python")))
    with server.running(edited(assets, {"py/lesson.py": lambda text: text + attack}), BASE) as address:
        page = open_page(base_url=address)
        page.goto("./")
        boot(page)
        (worker,) = page.workers
        told = json.loads(worker.evaluate("self.told"))
    assert [name for name, said in told.items() if said.startswith("went through")] == []
    assert {name for name, said in told.items() if NO_NETWORK not in said} <= OTHER_WORDS
    assert elsewhere.visitors == []


# ---- nothing foreign runs -----------------------------------------------------------------

INJECTIONS = {
    "an inline script": "added('script', { textContent: 'window.ran = true' })",
    "a handler in markup": "added('div', { innerHTML: '<img src=data:, onerror=\"window.ran = true\">' })",
    "a script of data": "added('script', { src: 'data:text/javascript,window.ran = true' })",
    "a script of a Blob": "added('script', { src: URL.createObjectURL(new Blob(['window.ran = true'])) })",
    "a frame with a script": "added('iframe', { srcdoc: '<script>parent.ran = true</' + 'script>' })",
    "an address that is a script": "added('iframe', { src: 'javascript:parent.ran = true' })",
    "eval": "setTimeout(() => eval('window.ran = true'))",
    "Function": "setTimeout(() => new Function('window.ran = true')())",
    "a text for later": "setTimeout('window.ran = true')",
}


@pytest.mark.parametrize("injection", INJECTIONS.values(), ids=INJECTIONS)
def test_nothing_that_got_into_the_page_runs(empty_page, injection):
    held, free = empty_page("held"), empty_page("free")
    for page in (held, free):
        page.evaluate(in_the_page(injection))
    free.wait_for_function("() => window.ran", timeout=BOOT_TIMEOUT)  # so the attempt was a good one
    assert held.evaluate("window.ran") is None


def test_addresses_in_the_page_cannot_be_led_elsewhere(empty_page, elsewhere):
    bases = []
    for name in ("held", "free"):
        page = empty_page(name)
        page.evaluate(in_the_page("added('base', { href: there })"), elsewhere.address("base"))
        bases.append(page.evaluate("document.baseURI"))
    assert bases[1] == elsewhere.address("base") != bases[0]


MARKUP = "<img src=x onerror=alert(1)>"
HOSTILE = [
    f"text={MARKUP}",
    "text=%3Cb%3Ex%3C/b%3E",
    f"mode={MARKUP}",
    f"mode=javascript:alert(1)&seed={MARKUP}",
    f"draws={MARKUP}&temperature={MARKUP}&position={MARKUP}",
    "mode=__proto__&text=constructor",
]


@pytest.mark.parametrize("link", HOSTILE)
def test_a_link_with_markup_falls_back_to_the_defaults(lesson, link):
    dialogs = []
    lesson.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    shown.open_link(lesson, "text=ann&mode=loss", text="ann")
    shown.open_link(lesson, "text=ann", text="ann")
    shown.wait_for_reading(lesson, "ann")
    nodes = lesson.locator("#sandbox *, #opening *, #live-region *")  # all others are not drawn anew by a link
    before = nodes.count()
    shown.open_link(lesson, link, text="ann")
    expect(lesson.get_by_role("tab", name="Forward")).to_have_attribute("aria-selected", "true")
    shown.wait_for_reading(lesson, "ann")
    assert nodes.count() == before
    assert lesson.locator("img").count() == 0
    assert dialogs == []


def test_a_vocabulary_of_markup_is_shown_as_the_characters_it_is(open_page, boot, assets):
    strange = "<>&\"'/=!`{}()[];:%$#@\\ \n€é"
    letters = json.loads(assets["weights/microgpt.json"].body)["vocabulary"]
    assert len(strange) == len(letters)

    def swap(text):
        weights = json.loads(text)
        weights["vocabulary"] = strange
        return json.dumps(weights)

    def know(page):
        found = re.search(r'(<script type="application/json" id="build">)(.*?)(</script>)', page)
        build = json.loads(found[2]) | {"vocabulary": strange}
        return page.replace(found[2], json.dumps(build).replace("<", "\\u003c"))

    files = edited(assets, {"weights/microgpt.json": swap, "index.html": know})
    with server.running(files, BASE) as address:
        page = open_page(base_url=address)
        page.goto("./")
        boot(page)
        shown.text_field(page).fill("<>&\"'")
        shown.wait_for_reading(page, "<>&\"'")
        page.get_by_role("button", name="Show all 27").click()
        assert {bar.token for bar in shown.bars(page)} >= set("<>&\"'/=")
        assert page.locator("img").count() == 0


# ---- the first paint ----------------------------------------------------------------------


@pytest.mark.expects("main.js|ERR_FAILED")
def test_the_chosen_theme_is_there_before_the_pages_own_script(page):
    without_python(page)
    page.goto("./")
    page.evaluate("localStorage.setItem('trenchcoat-theme', 'dark')")
    page.route(re.compile(r"/main\.js"), lambda route: route.abort())
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"
    page.evaluate("localStorage.setItem('trenchcoat-theme', '<b>')")
    page.reload()
    assert page.get_attribute("html", "data-theme") == "system"
