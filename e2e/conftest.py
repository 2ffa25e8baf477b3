"""What the tests in a browser share: the site on a server, a browser, a page, and a lesson that is ready.

Whatever a page says on its console as an error, throws, or asks of another origin fails the test it
happens in, unless the test says that it expects it: @pytest.mark.expects("a regular expression").
"""

import gc
import re
from contextlib import ExitStack
from types import MappingProxyType

import pytest
from lesson import Lesson
from playwright.sync_api import expect, sync_playwright

from building import ROOT, server
from building import browser as browsers
from building.site import DIST

BASE = "/trenchcoat/"  # as on a project's site: an address that begins with a slash does not work there
BOOT_TIMEOUT = 90_000  # ms; for a busy machine, not for a person
# Most pages are gone before V8's second compiler for WebAssembly has paid off: it takes a third of the processor's
# time at the start of Python. The first compiler computes the same numbers.
ONE_COMPILER = "--js-flags=--liftoff-only"
# What tests ask of the server is to reach it; test_offline.py is about service workers. What moves is drawn again for
# every frame, which costs a sixth of the processor's time: tests about movement ask for it.
CONTEXT = {"service_workers": "block", "reduced_motion": "reduce"}
# A page that nobody sees answers nothing ahead, which is most of what a change of its text costs. A module whose tests
# need such answers says SEEN = True.
UNSEEN = 'Object.defineProperty(document, "hidden", { configurable: true, get: () => true });'
PICTURES_OF_FAILURES = ROOT / "test-results"

# What the model makes has no cycles: looking for them among all that other tests have left takes longer than the model.
gc.set_threshold(100_000, 50, 50)
expect.set_options(timeout=30_000)  # ms; likewise


@pytest.fixture(scope="session")
def assets():
    """Every file of the built site, as the server sends it."""
    if not (DIST / "assets.json").is_file():
        pytest.fail("There is no dist/ to test yet: python3 build.py site makes it.")
    return server.read(DIST)


@pytest.fixture(scope="session")
def cpython(assets):
    """The same lesson in this Python, with the same weights: what the page's numbers are compared with."""
    return Lesson(assets["weights/microgpt.json"].body.decode())


@pytest.fixture(scope="session")
def site(assets):
    """The address of the site, some way below the root of a server."""
    with server.running(assets, BASE) as address:
        yield address


@pytest.fixture
def faulty_site(assets):
    """A function that serves the site with faults, and returns its address.

    faulty_site(missing=["py/lesson.py"], cut_short=[...], damaged=[...], wrong_type={"a.wasm": "text/plain"})
    """
    with ExitStack() as servers:

        def serve(missing=(), cut_short=(), damaged=(), wrong_type=MappingProxyType({})):
            changed = {name: asset for name, asset in assets.items() if name not in missing}
            unknown = {*missing, *cut_short, *damaged, *wrong_type} - assets.keys()
            assert not unknown, f"the site has no {unknown}"

            def change(name, **changes):
                old = changed[name]
                changed[name] = server.Asset(**{"body": old.body, "suffix": old.suffix, "type": old.type, **changes})

            for name in cut_short:
                change(name, body=changed[name].body[: len(changed[name].body) // 2])
            for name in damaged:  # the right length, one byte wrong
                body = bytearray(changed[name].body)
                body[len(body) // 2] ^= 0xFF
                change(name, body=bytes(body))
            for name, type in wrong_type.items():
                change(name, type=type)
            return servers.enter_context(server.running(changed, BASE))

        yield serve


@pytest.fixture(scope="session")
def launch_options():
    """How Chromium is launched; found out before Playwright runs, as it runs only once at a time."""
    options = browsers.options()
    return {**options, "args": [*options["args"], ONE_COMPILER]}


@pytest.fixture(scope="session")
def browser(launch_options):
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_options)
        yield chromium
        chromium.close()


class Watch:
    """Notes what goes wrong in a browser context, and tells a test about it."""

    def __init__(self, context):
        self.complaints = []
        context.on("console", self.hear)
        context.on("weberror", lambda error: self.complaints.append(f"thrown: {error.error}"))
        context.on("request", self.see)

    def hear(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def see(self, request):
        if not re.match(r"http://127\.0\.0\.1:|data:|blob:|file:", request.url):
            self.complaints.append(f"asked of another origin: {request.url}")

    def check(self, test):
        """Fail if anything went wrong that the test does not expect; then forget it all."""
        expected = [pattern for mark in test.iter_markers("expects") for pattern in mark.args]
        surprises = [text for text in self.complaints if not any(re.search(pattern, text) for pattern in expected)]
        self.complaints.clear()
        assert not surprises, "The page complained:\n" + "\n".join(surprises)


def new_context(browser, module, **options):
    """A context for the tests of a module."""
    context = browser.new_context(**{**CONTEXT, **options})
    if not getattr(module, "SEEN", False):
        context.add_init_script(UNSEEN)
    return context


@pytest.fixture
def open_page(browser, site, request):
    """A function that opens a page of its own in a context of its own, watched: open_page(color_scheme="dark").

    Its options are those of Playwright's new_context(); addresses are relative to the site.
    """
    opened = []

    def open(**options):
        context = new_context(browser, request.module, **{"base_url": site, **options})
        opened.append((context, Watch(context)))
        return context.new_page()

    yield open
    for context, _ in opened:
        for page in context.pages:
            photograph_failure(page, request.node)
        context.close()
    for _, watch in opened:
        watch.check(request.node)


@pytest.fixture
def page(open_page):
    """A page of the test's own, empty so far: page.goto("./") opens the lesson."""
    return open_page()


@pytest.fixture(scope="module")
def booted(browser, site, request):
    """A page with Python ready, and its watch, for all the tests of a module; its prepare(page) comes first."""
    context = new_context(browser, request.module, base_url=site)
    watch = Watch(context)
    page = context.new_page()
    getattr(request.module, "prepare", lambda page: None)(page)
    page.goto("./")
    wait_for_python(page)
    yield page, watch
    context.close()


@pytest.fixture
def lesson(booted, request):
    """The lesson with Python ready. The tests of a module share it: set the state you need, trust none."""
    page, watch = booted
    yield page
    photograph_failure(page, request.node)
    page.evaluate("0")  # comes back after all that the page said before
    watch.check(request.node)


def without_python(page):
    """Keep Python waiting for its engine in a page of which something else is tested: to start costs a second."""
    page.route(re.compile(r"\.wasm(\?|$)"), lambda route: None)


def never_starts_python(page):
    """The same where requests must not be looked at, since then nothing is kept: a page, or all pages of a context."""
    page.add_init_script("Worker.prototype.postMessage = () => {};")


@pytest.fixture
def boot():
    """A function that waits until Python is ready in a page, and fails at once if it says that it will not be."""
    return wait_for_python


def wait_for_python(page):
    page.wait_for_selector("html[data-python=ready], html[data-python=failed]", timeout=BOOT_TIMEOUT)
    if page.get_attribute("html", "data-python") == "failed":
        pytest.fail("Python did not start: " + " / ".join(page.get_by_role("status").all_inner_texts()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


def photograph_failure(page, test):
    if getattr(test, "failed", False) and not page.is_closed():
        PICTURES_OF_FAILURES.mkdir(exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", test.name)
        page.screenshot(path=PICTURES_OF_FAILURES / f"{name}.png", full_page=True)
