"""Whatever fails, the page says what happened in a sentence, Retry works, and what the person made stays."""

import contextlib
import json
import os
import re
import signal
import threading
import time

import pytest
from playwright.sync_api import Error, expect
from werkzeug import Response
from werkzeug.utils import redirect

from building import onefile, server
from building.digest import integrity, sha256
from building.site import DIST
from e2e import shown
from e2e.conftest import BASE, BOOT_TIMEOUT, never_starts_python, without_python

pytestmark = pytest.mark.expects("Failed to load resource|net::ERR_")  # the browser's own words for a failed fetch

WASM = "pyodide/pyodide.asm.wasm"
STDLIB = "pyodide/python_stdlib.bin"
WEIGHTS = "weights/microgpt.json"
NEEDED = [  # by Python; a test below sees to it that none is missing here
    *("worker.js", WASM, STDLIB, WEIGHTS),
    *(
        f"py/{name}.py"
        for name in ("game", "game_names", "inside", "lesson", "microgpt", "proof", "watching", "weights_file")
    ),
]
MARKUP = "<img src=x onerror=alert(1)>"
SIGN_IN = f"<!doctype html><title>Sign in</title><script>alert(1)</script>{MARKUP}"  # what a school network sends

# In ms, more than the page waits for: a byte of a file, Python to start, an answer.
LONG_FETCHING, LONG_STARTING, LONG_ANSWERING = 31_000, 61_000, 21_000


def prepare(page):
    """Time in the page passes by itself, and faster when a test says so."""
    page.clock.install()


class Faulty:
    """A page whose files can be made to arrive otherwise than they should, or not at all."""

    def __init__(self, page, assets):
        self.page = page
        self.assets = assets
        self.dialogs = []
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def sends(self, path, body=None, **how):
        """Answer for this file with another body, status or type."""
        body = self.assets[path].body if body is None else body
        self.route(path, lambda route: route.fulfill(**{"body": body, "content_type": self.assets[path].type, **how}))

    def does_not_answer(self, *paths):
        self.waiting, self.answers = [], False
        for path in paths:
            self.route(path, lambda route: route.continue_() if self.answers else self.waiting.append(route))

    def answers_from_now_on(self):
        """But not what was asked before."""
        self.answers = True

    def answers_at_last(self):
        self.answers = True
        for route in self.waiting:
            with contextlib.suppress(Error):  # given up meanwhile
                route.continue_()

    def cannot_be_reached(self, path):
        self.route(path, lambda route: route.abort())

    def was_built_with(self, path, body):
        """Send another body, and a page that takes it for the right one."""
        right, wrong = (integrity(sha256(content)) for content in (self.assets[path].body, body))
        html = self.assets["index.html"].body.decode()
        assert html.count(right) == 1
        html = html.replace(right, wrong).replace(
            json.dumps({"size": len(self.assets[path].body)})[1:-1], json.dumps({"size": len(body)})[1:-1]
        )
        self.route("", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.sends(path, body)

    def is_well_again(self):
        self.page.unroute_all(behavior="ignoreErrors")

    def route(self, path, handler):
        self.page.route(lambda address: re.sub("[?#].*", "", address).endswith(f"/{path}"), handler)


@pytest.fixture
def faulty(open_page, assets):
    """A page, not opened yet, whose files can be made faulty and whose clock can be turned on."""
    page = open_page(service_workers="block")  # nothing stands between the page and the server
    prepare(page)
    faulty = Faulty(page, assets)
    yield faulty
    faulty.is_well_again()
    assert faulty.dialogs == []


def status(page):
    return page.locator("#python-status")


def retry(page):
    return page.get_by_role("button", name="Retry")


def load_or_retry(page):
    """Load the page, or press Retry if it is there already, which asks only for what is not there yet."""
    retry(page).click() if retry(page).is_visible() else page.goto("./")


def open_anew(page, link="./"):
    page.goto("about:blank")
    page.goto(link)


def alert(page, words):
    return page.get_by_role("alert").filter(has_text=words)


def expect_failure(page, *words):
    """Wait until the page says that it failed, in a sentence with these words, and offers Retry."""
    expect(page.locator("html")).to_have_attribute("data-python", "failed")
    for word in words:
        expect(status(page)).to_contain_text(word)
    expect(status(page)).to_have_text(re.compile(r"^[A-Z].*(Retry|another browser).*\.$"))  # that says what to do
    expect(retry(page)).to_be_visible()


def expect_right_again(page, boot, cpython, text="mara"):
    """Press Retry, and wait until Python is ready and the loss of the text is right."""
    retry(page).click()
    boot(page)
    expect(retry(page)).to_be_hidden()
    expect_loss(page, cpython, text)


def expect_loss(page, cpython, text):
    expect(page.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")
    expect(shown.text_field(page)).to_have_value(text)
    shown.wait_for_reading(page, text)
    columns = shown.columns(page)
    expected = cpython.read(text)["positions"]
    assert [column.nll.value for column in columns] == pytest.approx([each["nll"] for each in expected], abs=1e-12)


def let_time_pass(page, ms):
    """Let so much time pass in the page, and again if something was still on its way, until it gives up waiting."""
    for _ in range(200):
        page.clock.run_for(ms)
        if page.get_attribute("html", "data-python") == "failed":
            return
    pytest.fail("the page waits for ever")


def choose(page, text="mara"):
    """What a person chooses while Python is not there: a text and a mode."""
    shown.text_field(page).fill(text)
    shown.choose_mode(page, "Loss")


# ---- Files


def test_the_files_tested_here_are_all_that_python_needs(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("./")
    assert sorted(json.loads(page.locator("#files").text_content())) == sorted(NEEDED)


def test_a_file_that_is_missing_unreachable_or_broken_is_named_and_fetched_again(faulty, boot, cpython):
    """One file after the other; Python starts when the last of them is well again."""
    page = faulty.page
    for path in (*NEEDED[:4], *NEEDED[-2:]):
        size = len(faulty.assets[path].body)

        faulty.is_well_again()
        without_python(page)
        faulty.sends(path, "There is no such file here.", status=404)
        open_anew(page)
        expect_failure(page, path, "404")

        faulty.cannot_be_reached(path)
        retry(page).click()
        expect_failure(page, path, "connection")

        faulty.sends(path, faulty.assets[path].body[: size // 2])
        retry(page).click()
        expect_failure(page, path, f"{size // 2} bytes", f"{size} were expected")

        faulty.sends(path, SIGN_IN, content_type="text/html")
        retry(page).click()
        expect_failure(page, path, "Something else was sent", "sign in")

        faulty.sends(path, bytes(size))  # of the right length
        retry(page).click()
        expect_failure(page, path, "damaged")

    choose(page)
    faulty.is_well_again()
    expect_right_again(page, boot, cpython)


def test_a_server_that_calls_every_file_a_text_is_no_obstacle(faulty_site, open_page, boot, cpython):
    page = open_page(base_url=faulty_site(wrong_type=dict.fromkeys(NEEDED, "text/plain")), service_workers="block")
    page.goto("./#text=mara&mode=loss")
    boot(page)
    expect_loss(page, cpython, "mara")


@pytest.mark.expects("integrity")
@pytest.mark.parametrize(
    "paths", [["main.js"], ["style.css"], ["worker.js", WEIGHTS]], ids=["script", "style", "Python"]
)
def test_what_the_browser_keeps_although_it_is_wrong_is_fetched_anew(open_page, assets, boot, cpython, paths):
    """Where addresses say what is in the files, they are kept for good: also what came from there in its stead."""
    files = dict(assets)
    for path in paths:
        files[path] = server.Asset(bytes(len(assets[path].body)), assets[path].suffix)
        files[path].sha256 = assets[path].sha256
    with server.running(files, BASE) as address:
        page = open_page(base_url=address)
        if "worker.js" not in paths:
            never_starts_python(page)
        page.goto("./#text=mara&mode=loss")
        damaged = page.get_by_text(re.compile(rf"({'|'.join(paths)}).* damaged")).filter(visible=True)
        expect(damaged.first).to_be_visible()
        files |= {path: assets[path] for path in paths}
        if paths == ["style.css"]:
            fetched_anew = lambda request: "style.css" in request.url and request.resource_type == "fetch"  # noqa: E731
            with page.expect_event("requestfinished", fetched_anew):
                page.reload()  # which still finds what was kept
            page.reload()
            expect(alert(page, "damaged")).to_have_count(0)
            assert page.evaluate("document.querySelector('link[rel=stylesheet]').sheet.cssRules.length") > 0
        elif paths == ["main.js"]:
            with page.expect_event("load"):
                retry(page).click()
            expect(shown.text_field(page)).to_have_value("mara")  # as the script has put it there
            expect(damaged).to_have_count(0)
        else:
            retry(page).click()
            boot(page)
            expect_loss(page, cpython, "mara")


def come_before_the_script(page, phase):
    """Wait until Python is ready, or has failed, in a page whose own script is not there to hear of it."""
    page.evaluate(
        "phase => new Promise(come => startedPython.watch(report => report.phase === phase && come()))", phase
    )


def test_python_is_started_before_the_pages_own_script_is_there_and_on_files_asked_for_once(faulty, boot, cpython):
    page, asked = faulty.page, []
    faulty.does_not_answer("main.js")
    page.on("request", lambda request: asked.append(re.sub("[?#].*", "", request.url)))
    page.goto("./#text=mara&mode=loss", wait_until="commit")
    come_before_the_script(page, "ready")
    assert page.get_attribute("html", "data-python") == "loading"  # for whoever reads it: nobody answers yet
    faulty.answers_at_last()
    boot(page)
    expect_loss(page, cpython, "mara")
    here = page.url.partition("#")[0]
    assert sorted(url.removeprefix(here) for url in asked if url.removeprefix(here) in NEEDED) == sorted(NEEDED)


def test_what_failed_before_the_pages_own_script_was_there_is_told_when_it_is(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer("main.js")
    faulty.sends(WEIGHTS, "There is no such file here.", status=404)
    page.goto("./#text=mara&mode=loss", wait_until="commit")
    come_before_the_script(page, "failed")
    faulty.answers_at_last()
    expect_failure(page, WEIGHTS, "404")
    faulty.is_well_again()
    expect_right_again(page, boot, cpython)


REFUSALS = {
    404: ("does not have", "404", "copy the whole folder again"),
    410: ("does not have", "410"),
    401: ("refused", "401", "allow everybody to read it", "looks after the network"),
    403: ("refused", "403"),
    429: ("too busy", "429", "wait a minute"),
    503: ("too busy", "503", "wait a minute"),
    500: ("The server failed", "500", "tell whoever put this page there"),
    502: ("The server failed", "502"),
}


def test_a_refusal_is_called_what_it_is_and_so_is_what_comes_instead_of_a_file(faulty):
    page, path = faulty.page, "py/lesson.py"
    without_python(page)
    page.goto("about:blank")
    for code, words in REFUSALS.items():
        faulty.sends(path, SIGN_IN, status=code, content_type="text/html")
        load_or_retry(page)
        expect_failure(page, path, *words)

    # It may be called anything, be as long as the file, or longer than any.
    size = len(faulty.assets[path].body)
    for content in (SIGN_IN, SIGN_IN.ljust(size), SIGN_IN.ljust(3 * size), f"\n <HTML>{MARKUP}"):
        faulty.sends(path, content)
        with page.expect_request(lambda request: path in request.url):
            retry(page).click()
        expect_failure(page, path, "Something else was sent", "sign in")


@pytest.mark.expects("Content Security Policy|Content-Security-Policy|asked of another origin")
def test_a_file_that_leads_to_another_page_of_this_origin_or_another_is_called_that(faulty, monkeypatch):
    page, answer, led_to = faulty.page, server.Site.answer, []

    def lead_away(host, site, request):
        if "lesson.py" not in request.path:
            return answer(site, request)
        led_to.append(host)
        return redirect(f"http://{host}:{request.server[1]}{BASE}")

    without_python(page)
    page.goto("about:blank")
    for host in ("127.0.0.1", "localhost"):
        monkeypatch.setattr(server.Site, "answer", lambda *asked, host=host: lead_away(host, *asked))
        with page.expect_request(lambda request: "py/lesson.py" in request.url):
            load_or_retry(page)
        expect_failure(page, "py/lesson.py", "Something else was sent", "sign in")
        assert led_to[-1] == host


@pytest.mark.expects("integrity|MIME")
def test_what_is_wrong_with_the_pages_own_script_is_told(faulty, boot, cpython):
    page, script = faulty.page, faulty.assets["main.js"].body
    wrong = [({"status": code, "body": ""}, REFUSALS[code]) for code in (404, 401, 503, 500)]
    wrong.append(({"body": SIGN_IN, "content_type": "text/html"}, ["Something else was sent", "sign in"]))
    wrong.append(({"content_type": "text/plain"}, ["“text/plain”", "“text/javascript”", "looks after the server"]))
    wrong.append((None, ["connection"]))
    wrong.append(({"body": script[: len(script) // 2]}, ["missing or damaged"]))
    without_python(page)
    page.goto("about:blank")
    for fault, words in wrong:
        if fault is None:
            faulty.cannot_be_reached("main.js")
        else:
            faulty.sends("main.js", **fault)
        with page.expect_event("load"):
            page.goto("./#text=mara&mode=loss") if page.url == "about:blank" else retry(page).click()
        expect_failure(page, "main.js", *words, "The lesson can still be read.")
        expect(alert(page, "main.js")).to_contain_text(words[0])
    faulty.is_well_again()
    retry(page).click()
    expect(retry(page)).to_be_hidden()
    boot(page)
    expect_loss(page, cpython, "mara")


@pytest.mark.expects("integrity|MIME")
def test_what_is_wrong_with_the_style_sheet_is_told_and_without_it_the_page_works(faulty, boot, cpython):
    page = faulty.page
    without_python(page)
    for fault, words in [
        ({"status": 403, "body": ""}, "refused"),
        ({"status": 503, "body": ""}, "too busy"),
        ({"body": SIGN_IN, "content_type": "text/html"}, "Something else was sent"),
        ({"content_type": "text/plain"}, "“text/css”"),
        ({"status": 404}, "does not have the file style.css"),
        ({"body": "p {}"}, "style.css, is missing or damaged"),
    ]:
        if words.endswith("damaged"):  # the last
            faulty.is_well_again()
        faulty.sends("style.css", **fault)
        open_anew(page, "./#text=mara&mode=loss")
        expect(alert(page, "style.css")).to_contain_text(words)
        expect(alert(page, "style.css")).to_contain_text("it looks plain")
    boot(page)
    expect_loss(page, cpython, "mara")


# ---- Kept apart by the page around it


def in_a_frame(page, markup):
    """The page in a frame of another one, whose markup that is."""
    outer = f"<!doctype html><title>A course</title>{markup}"
    page.route("**/course.html", lambda route: route.fulfill(body=outer, content_type="text/html"))
    page.goto("course.html")
    return page.frames[1]


KEPT_APART = '<iframe sandbox="allow-scripts" src="./#text=mara&mode=loss" width="1000" height="700"></iframe>'
REFUSED_THERE = pytest.mark.expects("CORS policy|integrity|ERR_|origin 'null'")


@REFUSED_THERE
def test_in_a_frame_without_its_origin_the_page_leads_to_the_one_file_that_works_there(page):
    frame = in_a_frame(page, KEPT_APART)
    told = alert(frame, "in a frame without an origin")
    expect(told).to_be_visible()
    expect(told).to_contain_text("in a tab of its own")
    expect(retry(frame)).to_be_hidden()
    expect(alert(frame, "damaged")).to_have_count(0)
    assert frame.evaluate("getComputedStyle(document.body).fontFamily") != "serif"  # the style sheet is there
    told.get_by_role("link", name=onefile.NAME).click()
    frame.wait_for_url(f"**/{onefile.NAME}#*")  # test_onefile.py has it start Python in such a frame
    expect(shown.text_field(frame)).to_have_value("mara")
    expect(frame.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")


@REFUSED_THERE
def test_where_only_other_files_are_kept_apart_that_is_told_too(faulty):
    for name in ("main.js", "style.css"):
        faulty.sends(name, headers={"Access-Control-Allow-Origin": "*", "Content-Type": faulty.assets[name].type})
    frame = in_a_frame(faulty.page, KEPT_APART)
    expect(status(frame)).to_contain_text("keeps it apart from its own file")
    expect(status(frame)).to_contain_text(onefile.NAME)


# ---- The page opened from a folder, by double click


@pytest.mark.expects("CORS policy|integrity")
def test_the_page_opened_from_its_folder_leads_to_the_one_file_that_works_there(browser):
    page = browser.new_page()
    page.goto(f"{(DIST / 'index.html').as_uri()}#text=mara&mode=loss")
    told = alert(page, "Opened from a folder")
    expect(told).to_be_visible()
    expect(retry(page)).to_be_hidden()
    expect(status(page).get_by_role("link", name=onefile.NAME)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "serif"  # the style sheet is there
    told.get_by_role("link", name=onefile.NAME).click()
    page.wait_for_url(f"**/{onefile.NAME}#*")  # test_onefile.py has it start Python
    expect(shown.text_field(page)).to_have_value("mara")
    expect(page.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")
    page.close()


# ---- Weights


def edited(assets, **changes):
    """The file of weights with parts of it changed."""
    return json.dumps({**json.loads(assets[WEIGHTS].body), **changes})


def with_matrix(assets, name, matrix):
    return edited(assets, weights={**json.loads(assets[WEIGHTS].body)["weights"], name: matrix})


def magnified(assets, name, factor):
    """The right weights, but for one matrix that is so many times larger."""
    matrix = json.loads(assets[WEIGHTS].body)["weights"][name]
    return with_matrix(assets, name, [[factor * x for x in row] for row in matrix])


def test_other_weights_than_the_page_was_built_with_are_refused_by_name(faulty):
    page, assets = faulty.page, faulty.assets
    without_python(page)
    faulty.cannot_be_reached(WEIGHTS)
    page.goto("./")
    expect_failure(page, WEIGHTS)
    for content in ("", "null", "[" * 50_000, edited(assets, vocabulary=MARKUP), edited(assets, shape=MARKUP)):
        faulty.sends(WEIGHTS, content.ljust(len(assets[WEIGHTS].body)))
        with page.expect_request(lambda request: WEIGHTS in request.url):
            retry(page).click()
        expect_failure(page, WEIGHTS, "damaged")


def test_what_are_no_weights_though_the_page_was_built_with_it_is_refused_with_the_reason(faulty):
    assets = faulty.assets
    for content, reason in [
        (edited(assets, shape=MARKUP), MARKUP),
        (with_matrix(assets, "wpe", [[float("nan")] * 16] * 16), "nan"),
    ]:
        faulty.is_well_again()
        faulty.was_built_with(WEIGHTS, content.encode())
        faulty.page.goto("about:blank")
        faulty.page.goto("./")
        expect_failure(faulty.page, "weights", reason)


@pytest.mark.parametrize("factor", [1e6, 1e300])  # a probability of 0, of which there is no logarithm; no probability
def test_weights_that_nothing_can_be_computed_with_end_in_a_sentence(faulty, factor):
    faulty.was_built_with(WEIGHTS, magnified(faulty.assets, "lm_head", factor).encode())
    faulty.page.goto("./")
    sentence = faulty.page.locator("#numbers", has_text="Python could not work that out")
    expect(sentence).to_be_visible()
    expect(sentence).not_to_contain_text("Traceback")


# ---- Sleep

NIGHT = 8 * 60 * 60 * 1000  # ms


def sleep(page):
    """A laptop is closed for some nights, and looked into in between."""
    for _ in range(4):
        page.clock.fast_forward(NIGHT)


def phase(page):
    """How the page says that Python is, once what its timers brought about is done."""
    page.evaluate(
        "() => new Promise(done => { const { port1, port2 } = new MessageChannel(); "
        "port1.onmessage = done; port2.postMessage(0); })"
    )
    return page.get_attribute("html", "data-python")


def expect_goes_on(faulty, boot, cpython):
    """It has not given up, and when at last there is an answer, all is well."""
    assert phase(faulty.page) == "loading"
    faulty.answers_at_last()
    boot(faulty.page)
    expect_loss(faulty.page, cpython, "mara")


def test_a_page_that_slept_while_it_fetched_goes_on(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer("worker.js", WEIGHTS)
    page.goto("./#text=mara&mode=loss")
    expect(status(page)).to_contain_text("Fetching Python")
    sleep(page)
    expect_goes_on(faulty, boot, cpython)


def test_a_page_that_slept_while_python_started_goes_on(faulty, boot, cpython):
    page = faulty.page
    page.add_init_script("""
      const { postMessage } = Worker.prototype, held = [];
      Worker.prototype.postMessage = function (...what) { held.push(() => postMessage.apply(this, what)); };
      self.goOn = () => { Worker.prototype.postMessage = postMessage; for (const each of held) each(); };
    """)
    page.goto("./#text=mara&mode=loss")
    expect(status(page)).to_contain_text("Starting Python")
    page.wait_for_function("document.getElementById('python-progress').value > 0.8")
    sleep(page)
    assert phase(page) == "loading"
    page.evaluate("self.goOn()")
    boot(page)
    expect_loss(page, cpython, "mara")


def test_a_page_that_slept_while_python_answered_goes_on(alive, cpython):
    page, worker = alive
    worker.evaluate("""() => {
      const held = [], answer = self.onmessage;
      self.onmessage = message => held.push(message);
      self.goOn = () => { self.onmessage = answer; held.forEach(answer); };
    }""")
    shown.text_field(page).fill("maria")
    sleep(page)
    assert phase(page) == "ready"
    worker.evaluate("self.goOn()")
    expect_loss(page, cpython, "maria")


def test_a_page_that_slept_before_its_script_and_style_were_there_goes_on(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer("main.js")
    page.goto("./#text=mara&mode=loss", wait_until="commit")
    expect(page.get_by_role("heading", name="Sandbox")).to_be_visible()
    sleep(page)
    expect(alert(page, "has not come")).to_have_count(0)
    expect_goes_on(faulty, boot, cpython)


def test_a_page_whose_process_was_truly_held_up_goes_on(browser, faulty, boot, cpython):
    """For longer than it waits. In this page time passes five times as fast."""
    page = faulty.page
    page.add_init_script("""{
      const { setTimeout, setInterval } = self, now = performance.now.bind(performance);
      performance.now = () => 5 * now();
      self.setTimeout = (what, ms) => setTimeout(what, ms / 5);
      self.setInterval = (what, ms) => setInterval(what, ms / 5);
    }""")
    faulty.does_not_answer(WEIGHTS)
    page.goto("./#text=mara&mode=loss")
    expect(status(page)).to_contain_text("Fetching Python")
    system = browser.new_browser_cdp_session()
    processes = system.send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process["id"] for process in processes if process["type"] == "renderer"]
    try:
        for each in renderers:
            os.kill(each, signal.SIGSTOP)
        time.sleep(1.2 * LONG_FETCHING / 1000 / 5)
    finally:
        for each in renderers:
            os.kill(each, signal.SIGCONT)
    page.evaluate("new Promise(done => setTimeout(done, 500))")
    expect_goes_on(faulty, boot, cpython)


# ---- A boot that never settles


def test_a_file_that_never_comes_ends_the_wait_and_is_asked_for_again(faulty, boot, cpython):
    page = faulty.page
    for path in ("worker.js", WASM, WEIGHTS):
        faulty.is_well_again()
        faulty.does_not_answer(path)
        open_anew(page)
        choose(page)
        expect(status(page)).to_contain_text("Fetching Python")
        let_time_pass(page, LONG_FETCHING)
        expect_failure(page, "too long")
    faulty.answers_from_now_on()
    expect_right_again(page, boot, cpython)


def test_retry_gives_up_what_was_asked_for_before(faulty):
    page = faulty.page
    faulty.does_not_answer(WEIGHTS)
    page.goto("./")
    let_time_pass(page, LONG_FETCHING)
    expect_failure(page, "too long")
    faulty.answers_from_now_on()
    with page.expect_event("requestfailed", lambda request: WEIGHTS in request.url):
        retry(page).click()


def test_python_that_never_starts_ends_the_wait(faulty, boot, cpython):
    page = faulty.page
    page.add_init_script("""
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = () => {};
      self.allow = () => { Worker.prototype.postMessage = postMessage; };
    """)
    page.goto("./")
    choose(page)
    expect(status(page)).to_contain_text("Starting Python")
    let_time_pass(page, LONG_STARTING)
    expect_failure(page, "too long")
    page.evaluate("self.allow()")
    expect_right_again(page, boot, cpython)


@pytest.fixture
def scriptless(faulty):
    """The page when its own script has not come for so long that it says so."""
    page = faulty.page
    faulty.does_not_answer("main.js")
    page.goto("./#text=mara&mode=loss", wait_until="commit")
    expect(page.get_by_role("heading", name="Sandbox")).to_be_visible()
    # first.js has started Python: time that passes while its files come would be too long for them, too.
    page.evaluate("new Promise((ready) => startedPython.watch(({ phase }) => phase === 'ready' && ready()))")
    page.clock.run_for(LONG_FETCHING)
    expect_failure(page, "main.js, has not come")
    return page


def test_a_page_whose_own_script_never_comes_says_so_and_goes_on_when_it_does(scriptless, faulty, boot, cpython):
    page = scriptless
    faulty.answers_at_last()
    expect(page.locator("html")).not_to_have_attribute("data-python", "failed")  # as it says until the script is there
    boot(page)
    expect_loss(page, cpython, "mara")
    expect(alert(page, "main.js")).to_have_count(0)
    expect(retry(page)).to_be_hidden()


def test_a_page_whose_own_script_never_came_is_loaded_anew_by_retry_and_no_longer_says_that_it_failed(
    scriptless, faulty, boot, cpython
):
    page = scriptless
    press = "button => { button.click(); return document.documentElement.dataset.python; }"
    assert retry(page).evaluate(press) == "loading"
    expect(status(page)).to_have_text("Starting Python")
    faulty.answers_at_last()
    boot(page)
    expect_loss(page, cpython, "mara")


def test_what_is_typed_before_the_pages_own_script_is_there_counts(faulty, boot):
    page = faulty.page
    faulty.does_not_answer("main.js")
    page.goto("./#text=mara", wait_until="commit")
    shown.text_field(page).fill("Maria")
    faulty.answers_at_last()
    boot(page)
    expect(shown.text_field(page)).to_have_value("maria")
    shown.wait_for_reading(page, "maria")
    expect(page).to_have_url(re.compile("text=maria"))


@pytest.mark.expects("null|undefined")
def test_a_page_that_was_cut_short_says_so_and_does_not_blame_its_script(faulty):
    page = faulty.page
    whole = faulty.assets["index.html"].body.decode()

    def cut_short_at(end):
        body = whole[: whole.index(end)]
        faulty.route("", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))

    for end in ('id="forward"', 'id="python-status"', 'id="presets"', 'id="live-region"'):
        faulty.is_well_again()
        without_python(page)
        cut_short_at(end)
        open_anew(page, "./#text=mara&mode=loss")
        expect(alert(page, "Only a part of this page has come")).to_be_visible()
        expect(alert(page, "main.js")).to_have_count(0)


def test_a_page_whose_rest_does_not_come_says_so_and_goes_on_when_it_does(faulty, boot, cpython, monkeypatch):
    page, answer, come = faulty.page, server.Site.answer, threading.Event()
    body = faulty.assets["index.html"].body
    half = body.index(b'id="presets"')

    def parts():
        yield body[:half]
        come.wait()
        yield body[half:]

    def in_two_parts(site, request):
        if request.path != BASE:
            return answer(site, request)
        return Response(parts(), mimetype="text/html", headers={"Content-Length": len(body)})

    monkeypatch.setattr(server.Site, "answer", in_two_parts)
    try:
        page.goto("./#text=mara&mode=loss", wait_until="commit")
        expect(page.get_by_role("heading", name="The sampler")).to_be_visible()
        come_before_the_script(page, "ready")  # what is late is the page, and not Python
        page.clock.run_for(LONG_FETCHING)
        expect(alert(page, "Only a part of this page has come")).to_be_visible()
    finally:
        come.set()
    expect(page.locator("html")).to_have_attribute("data-python", "ready", timeout=BOOT_TIMEOUT)
    expect_loss(page, cpython, "mara")
    expect(alert(page, "Only a part")).to_have_count(0)


def test_a_page_whose_style_never_comes_is_shown_without_it(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer("style.css")
    page.goto("./#text=mara&mode=loss", wait_until="commit")
    boot(page)
    page.clock.run_for(LONG_FETCHING)
    expect(alert(page, "style.css, is missing or damaged")).to_be_visible()
    expect_loss(page, cpython, "mara")


def test_a_network_lost_in_the_middle_of_a_file_is_told(faulty, monkeypatch):
    answer = server.Site.answer

    def half(site, request):
        response = answer(site, request)
        if WASM in request.path:
            body = b"".join(response.response)
            response.response, response.direct_passthrough = [body[: len(body) // 2]], False
        return response

    monkeypatch.setattr(server.Site, "answer", half)
    faulty.page.goto("./")
    expect_failure(faulty.page, WASM, f"{len(faulty.assets[WASM].body)} were expected")


def test_a_slow_line_is_no_failure_and_progress_is_shown_while_python_loads_and_only_then(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer(WEIGHTS)
    page.goto("./#text=mara&mode=loss")
    progress = page.get_by_role("progressbar")
    expect(progress).to_be_visible()
    expect(status(page)).to_have_text(re.compile(r"Fetching Python: \d+ of [1-9]\d* MB"))
    page.clock.run_for(LONG_FETCHING // 2)
    faulty.answers_at_last()
    faulty.is_well_again()
    boot(page)
    expect(progress).to_be_hidden()
    expect_loss(page, cpython, "mara")


def test_what_is_typed_before_python_is_there_is_answered_when_it_is(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer(WEIGHTS)
    page.goto("./")
    choose(page, "maria")
    shown.text_field(page).press("End")
    page.keyboard.type("n")
    faulty.answers_at_last()
    boot(page)
    expect_loss(page, cpython, "marian")


# ---- The browser


def test_a_browser_without_webassembly_or_that_may_not_compile_it_or_refuses_workers_is_told_so(faulty, boot, cpython):
    page = faulty.page
    page.add_init_script("""
      const { WebAssembly, Worker } = self, { compile, compileStreaming } = WebAssembly;
      delete self.WebAssembly;
      self.refuseToCompile = () => {
        self.WebAssembly = WebAssembly;
        const refuse = async () => { throw new WebAssembly.CompileError("code generation disallowed by embedder"); };
        Object.assign(WebAssembly, { compile: refuse, compileStreaming: refuse });
      };
      self.refuseWorkers = () => {
        Object.assign(WebAssembly, { compile, compileStreaming });
        self.Worker = function () { throw new DOMException("no workers here", "SecurityError"); };
      };
      self.allow = () => { self.Worker = Worker; };
    """)
    page.goto("./")
    expect_failure(page, "does not run WebAssembly")
    choose(page)
    page.evaluate("self.refuseToCompile()")
    retry(page).click()
    expect_failure(page, "does not run WebAssembly")
    page.evaluate("self.refuseWorkers()")
    retry(page).click()
    expect_failure(page, "worker")
    page.evaluate("self.allow()")
    expect_right_again(page, boot, cpython)


# ---- The worker's death


@pytest.fixture
def alive(lesson, boot):
    """The page that the tests share, Python ready, mara in Loss; and its worker, to be killed."""
    if retry(lesson).is_visible():
        retry(lesson).click()
        boot(lesson)
    shown.open_link(lesson, "text=mara&mode=loss", text="mara")
    shown.wait_for_reading(lesson, "mara")
    return lesson, lesson.workers[-1]


def end(worker):
    with contextlib.suppress(Error):  # it may be gone before it can say that it did so
        worker.evaluate("() => { setTimeout(() => self.close()); }")


def test_a_worker_that_dies_while_files_are_fetched_is_noticed_at_once(faulty, boot, cpython):
    page = faulty.page
    faulty.does_not_answer(WEIGHTS)
    with page.expect_worker() as started:
        page.goto("./")
    choose(page)
    end(started.value)
    expect_failure(page, "stopped", "text is still here")
    faulty.answers_from_now_on()
    expect_right_again(page, boot, cpython)


@pytest.mark.parametrize("stage", ["Starting Python", "Waking the model"])
def test_a_worker_that_dies_while_python_starts_is_noticed_at_once(faulty, boot, cpython, stage):
    """It dies as soon as it has said how far it is."""
    page = faulty.page
    faulty.does_not_answer(WEIGHTS)
    with page.expect_worker() as started:
        page.goto("./")
    choose(page)
    started.value.evaluate(
        """word => {
          const { postMessage } = self;
          self.postMessage = (message) => {
            postMessage(message);
            if (message.stage !== word) return;
            self.close();
            self.postMessage = () => {};
          };
        }""",
        {"Starting Python": "starting", "Waking the model": "loading"}[stage],
    )
    faulty.answers_at_last()
    expect_failure(page, "stopped", "text is still here")
    faulty.is_well_again()
    expect_right_again(page, boot, cpython)


def test_a_worker_that_dies_in_mid_answer_is_noticed_and_the_question_asked_again(alive, boot, cpython):
    page, worker = alive
    worker.evaluate("() => { self.onmessage = () => self.close(); }")
    shown.text_field(page).fill("maria")
    expect_failure(page, "stopped", "text is still here")
    expect_right_again(page, boot, cpython, "maria")


def test_a_worker_that_never_answers_is_given_up(alive, boot, cpython):
    page, worker = alive
    worker.evaluate("() => { self.onmessage = () => { for (;;); }; }")
    shown.text_field(page).fill("maria")
    expect(page).to_have_url(re.compile("text=maria"))
    let_time_pass(page, LONG_ANSWERING)
    expect_failure(page, "not answered")
    expect_right_again(page, boot, cpython, "maria")


def test_a_worker_that_answers_slowly_but_does_answer_is_not_given_up(alive):
    page, worker = alive
    shown.choose_mode(page, "Sample")
    worker.evaluate("""() => {
      const held = [], answer = self.onmessage;
      self.onmessage = message => held.push(message);
      self.answerAll = () => { self.onmessage = answer; };
      self.answerOne = async () => {
        while (held.length === 0) await new Promise(later => setTimeout(later, 10)); // it may be on its way
        answer(held.shift());
        return true;
      };
    }""")
    shown.text_field(page).fill("maria")
    shown.panel(page).get_by_role("button", name="Generate 20").click()
    for _ in range(2):  # to the text, and to the names
        page.clock.run_for(LONG_ANSWERING * 0.6)  # twice that is too long
        assert worker.evaluate("self.answerOne()")
    expect(page.get_by_role("list", name="Generated names").get_by_role("listitem")).to_have_count(20)
    worker.evaluate("self.answerAll()")
    expect(page.locator("html")).to_have_attribute("data-python", "ready")


def test_python_can_die_idle_or_throw_and_be_started_again_and_again(alive, boot, cpython):
    page, _ = alive
    proof = page.locator("#proof")
    throw = "() => { setTimeout(() => { throw new Error('out of memory'); }); }"
    for die in (end, lambda worker: worker.evaluate(throw), end):
        expect(proof).to_contain_text("unchanged")
        die(page.workers[-1])
        expect_failure(page, "stopped", "text is still here")
        expect(proof).to_contain_text("Python has not loaded them yet.")
        expect(proof).not_to_contain_text("unchanged")
        expect_right_again(page, boot, cpython)
    assert page.evaluate("navigator.locks.query().then(({ held }) => held.length)") == 1  # of one worker alive


def test_draws_survive_the_worker_and_playing_stops_with_it(alive, boot, cpython):
    page, worker = alive
    seed = next(s for s in range(1000) if cpython.show("mara", 1, s, [1] * 3)["ended"] is None)
    shown.open_link(page, f"text=mara&mode=sample&seed={seed}&draws=1")
    shown.wait_for_draws(page, 1)
    drawn = shown.draws(page)
    worker.evaluate("() => { self.onmessage = () => self.close(); }")
    shown.panel(page).get_by_role("button", name="Play", exact=True).click()
    expect_failure(page, "stopped")
    page.clock.run_for(5000)
    expect(shown.panel(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    retry(page).click()
    boot(page)
    shown.wait_for_draws(page, 2)
    assert shown.draws(page)[0] == drawn[0]
    assert [draw.token for draw in shown.draws(page)] == [
        draw["token"] for draw in cpython.show("mara", 1, seed, [1, 1])["draws"]
    ]


def test_a_link_with_draws_keeps_its_text_when_python_does_not_start(faulty, boot, cpython):
    page = faulty.page
    text = cpython.show("mara", 1, 5, [1])["text"]
    faulty.cannot_be_reached(WEIGHTS)
    page.goto("./#text=mara&mode=sample&seed=5&draws=1")
    expect_failure(page, WEIGHTS)
    expect(shown.text_field(page)).to_have_value("mara")
    faulty.is_well_again()
    retry(page).click()
    boot(page)
    shown.wait_for_draws(page, 1)
    expect(shown.text_field(page)).to_have_value(text)


def test_without_python_no_more_draws_than_a_link_can_hold_are_asked_for_and_generate_20_says_so(alive, boot, cpython):
    page, worker = alive
    shown.choose_mode(page, "Sample")
    end(worker)
    expect_failure(page)
    shown.panel(page).get_by_role("button", name="Generate 20").click()
    expect(page.get_by_role("alert").filter(has_text="Python is not running yet")).to_be_visible()
    for _ in range(18):
        shown.panel(page).get_by_role("button", name="Draw", exact=True).click()
    expect(page).to_have_url(re.compile("draws=16"))
    expected = cpython.show("mara", 1, 1, [1] * 16)
    retry(page).click()
    boot(page)
    expect(shown.text_field(page)).to_have_value(expected["text"])
    shown.wait_for_draws(page, len(expected["draws"]))


def test_generate_20_says_so_too_while_python_is_still_on_its_way(faulty):
    page = faulty.page
    faulty.does_not_answer(WEIGHTS)
    with page.expect_worker():
        page.goto("./#mode=sample")
    shown.panel(page).get_by_role("button", name="Generate 20").click()
    expect(page.get_by_role("alert").filter(has_text="Python is not running yet")).to_be_visible()


# ---- Retry


def test_retry_works_by_keyboard(alive, boot, cpython):
    page, worker = alive
    end(worker)
    expect_failure(page)
    retry(page).focus()
    page.keyboard.press("Enter")
    boot(page)
    expect_loss(page, cpython, "mara")
    expect(status(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation").get_by_role("link").first).to_be_focused()


def test_what_is_typed_meanwhile_is_answered_when_python_is_started_from_the_sandbox_and_the_keyboard_stays_there(
    alive, boot, cpython
):
    page, worker = alive
    end(worker)
    expect_failure(page)
    shown.text_field(page).fill("maria")
    expect(page.locator("#numbers", has_text="Still showing mara")).to_be_visible()
    page.get_by_role("button", name="Start Python again").focus()
    page.keyboard.press("Enter")
    boot(page)
    expect_loss(page, cpython, "maria")
    expect(page.get_by_text("Still showing")).to_be_hidden()
    expect(page.locator("#numbers")).to_be_focused()
