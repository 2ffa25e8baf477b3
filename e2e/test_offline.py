"""The page without a network: later visits, newer builds, and browsers that keep nothing."""

import json
import re
import time
from collections import Counter
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from building import engine, offline, onefile, server
from e2e import shown
from e2e.conftest import BASE, BOOT_TIMEOUT, Watch, never_starts_python, wait_for_python
from e2e.edited import edited

KEEP = """async () => {
  await navigator.serviceWorker.register("sw.js");
  await navigator.serviceWorker.ready;
}"""
COPIES = """async () => {
  const copies = {};
  for (const name of await caches.keys()) {
    copies[name] = (await (await caches.open(name)).keys()).map(({ url }) => url);
  }
  return copies;
}"""
WORKERS = """async (address) => {
  const found = await navigator.serviceWorker.getRegistration(address);
  return found ? ["installing", "waiting", "active"].filter(stage => found[stage]) : [];
}"""
SIZE_OF_IMAGE = """async (src) => {
  const image = Object.assign(new Image(), { src });
  await image.decode();
  return [image.naturalWidth, image.naturalHeight];
}"""
STILL = {"reduced_motion": "reduce"}
UPDATE = "() => navigator.serviceWorker.getRegistration().then(found => found.update()).catch(() => {})"


class Host:
    """A server of the site, at an address that stays when the site is replaced; and what was asked of it."""

    def __init__(self, assets, base, requests):
        self.files = dict(assets)
        self.requests = requests  # (name, status), in order
        self.life = ExitStack()
        self.address = self.life.enter_context(server.running(self.files, base))

    def replace(self, assets):
        self.files.clear()
        self.files.update(assets)

    def stop(self):
        self.life.close()


@pytest.fixture
def host(assets, monkeypatch):
    requests, answer = [], server.Site.answer

    def note(site, request):
        response = answer(site, request)
        requests.append((request.path.removeprefix(BASE), response.status_code))
        return response

    monkeypatch.setattr(server.Site, "answer", note)
    host = Host(assets, BASE, requests)
    yield host
    host.stop()


@pytest.fixture
def visit(browser, host, request):
    """A function that opens the page, in one context for the whole test, and waits for Python, or has it not start."""
    with ExitStack() as ends:
        contexts = []

        def visit(ready=True, python=True, **options):
            if not contexts:
                context = browser.new_context(**{**STILL, "base_url": host.address, **options})
                contexts.append((context, Watch(context)))
                ends.callback(context.close)
            return open_in(contexts[0][0], ready, python)

        yield visit
    for _, watch in contexts:
        watch.check(request.node)


@pytest.fixture
def kept(browser, host, request):
    """A context in which the page was kept, as it is after a first visit."""
    context = browser.new_context(**STILL, base_url=host.address)
    page = context.new_page()
    page.goto("assets.json")  # nothing runs there but what follows
    page.evaluate(KEEP)
    page.close()
    watch = Watch(context)
    yield context
    context.close()
    watch.check(request.node)


def open_in(context, ready=True, python=True):
    page = context.new_page()
    if not python:
        never_starts_python(page)
    page.goto("./")
    if ready and python:
        wait_for_python(page)
    return page


def wait_for_workers(page, *stages, address="./"):
    """Wait until the site at an address has service workers in these stages, and no others."""
    wait_for(page, WORKERS, list(stages), address)


def wait_for_one_copy(page):
    wait_for(page, "() => caches.keys().then(names => names.length)", 1)


def wait_for(page, asked, wanted, argument=None):
    """Wait until what the page answers is what is wanted."""
    end = time.monotonic() + BOOT_TIMEOUT / 1000
    while (answer := page.evaluate(asked, argument)) != wanted:
        assert time.monotonic() < end, f"still {answer}, and not {wanted}"
        page.wait_for_timeout(50)


def newer(assets):
    """The site as another build would make it, marked in the page, its script, its style and its Python."""
    marks = {
        "main.js": "window.builtAs = 'newer';",
        "style.css": ":root { --build: newer }",
        "py/lesson.py": "# newer\n",
    }
    edits = {name: lambda text, mark=mark: text + mark for name, mark in marks.items()}
    edits["index.html"] = lambda text: text.replace("<body", '<body data-build="newer"', 1)
    return edited(assets, edits)


def build_of(page):
    """What each part of a page says which build it is of: they must all be of the same."""
    parts = page.evaluate(
        """() => [
          document.body.dataset.build,
          window.builtAs,
          getComputedStyle(document.documentElement).getPropertyValue("--build"),
        ].map(said => said || "older")"""
    )
    assert len(set(parts)) == 1, f"a page made of two builds: {parts}"
    return parts[0]


def restart_python(page):
    """Have its worker die, and press Retry: everything that Python needs is asked for once more."""
    page.workers[0].evaluate("self.close()")
    page.get_by_role("button", name="Retry").click(timeout=BOOT_TIMEOUT)
    wait_for_python(page)


# ---- what is kept, and what it costs ------------------------------------------------------


def test_the_first_visit_keeps_everything_and_downloads_nothing_twice(host, visit):
    page = visit()
    wait_for_workers(page, "active")
    (copy,) = page.evaluate(COPIES).values()
    left_out = {"assets.json", offline.NAME, onefile.NAME}
    assert {url.removeprefix(host.address) or "index.html" for url in copy} == host.files.keys() - left_out
    sent = Counter(name for name, status in host.requests if status == 200)
    assert [name for name, times in sent.items() if times > 1] == []
    assert onefile.NAME not in sent


def test_a_later_visit_needs_neither_network_nor_server(host, kept, cpython):
    kept.set_offline(True)
    page = open_in(kept)
    shown.write(page, "emma")
    best = cpython.read("emma")["positions"][-1]["candidates"][0]
    assert shown.bars(page)[0].token == best["token"]
    assert shown.bars(page)[0].p.value == pytest.approx(best["p"], abs=1e-12, rel=0)
    kept.set_offline(False)
    host.stop()
    restart_python(page)
    page.reload()
    expect(shown.text_field(page)).to_have_value("emma")


def test_the_engine_comes_out_of_the_copy_where_the_browser_has_not_kept_it_besides(kept):
    page = open_in(kept, python=False)
    kept.new_cdp_session(page).send("Network.clearBrowserCache")
    page.close()
    kept.set_offline(True)
    open_in(kept)


def test_where_it_has_the_engine_comes_with_what_the_browser_compiled_of_it(kept):
    page = open_in(kept, python=False)
    page.evaluate(
        """async (name) => {
          const copy = await caches.open((await caches.keys())[0]);
          const { url } = (await copy.keys()).find(({ url }) => url.endsWith(name));
          await copy.put(url, new Response("not asked for"));
        }""",
        engine.ENGINE,
    )
    page.close()
    kept.set_offline(True)
    open_in(kept)


def test_a_link_with_a_state_or_a_query_opens_without_a_network(kept):
    kept.set_offline(True)
    page = kept.new_page()
    never_starts_python(page)
    for link in ("./?from=a-mail#text=zoe", "index.html#text=zoe"):
        page.goto(link)
        expect(shown.text_field(page)).to_have_value("zoe", timeout=BOOT_TIMEOUT)
        assert page.get_by_role("tab", name="Forward").get_attribute("aria-selected") == "true"


@pytest.mark.expects("404")
def test_what_is_not_kept_comes_from_the_server(host, kept):
    page = open_in(kept, python=False)
    for address in ("../elsewhere", "elsewhere", "py/elsewhere.py"):
        assert page.evaluate("address => fetch(address).then(({ status }) => status)", address) == 404
    assert page.evaluate("name => fetch(name, { method: 'HEAD' }).then(({ ok }) => ok)", onefile.NAME)
    assert (onefile.NAME, 200) in host.requests


def test_two_sites_at_one_origin_keep_a_copy_each(assets, browser):
    files = {f"{folder}/{name}": asset for folder in "ab" for name, asset in assets.items()}
    files |= {"a/": assets["index.html"], "b/": assets["index.html"]}
    with server.running(files) as address:
        context = browser.new_context(**STILL, base_url=address)
        page = context.new_page()
        for folder in "ab":
            page.goto(f"{folder}/assets.json")
            page.evaluate(KEEP)
        copies = page.evaluate(COPIES)
        context.close()
    assert len(copies) == 2
    for name, urls in copies.items():
        folder = re.search(r"/([ab])/", name)[1]
        assert all(url.startswith(f"{address}{folder}/") for url in urls)


# ---- newer builds -------------------------------------------------------------------------


@pytest.mark.expects("404")  # outside of the site there is nothing
def test_a_newer_build_takes_over_when_the_older_one_is_closed(host, kept):
    host.replace(newer(host.files))
    page = open_in(kept)
    assert build_of(page) == "older"
    wait_for_workers(page, "waiting", "active")
    page.close()
    outside = kept.new_page()
    outside.goto("/")
    wait_for_workers(outside, "active", address=host.address)
    assert build_of(open_in(kept)) == "newer"
    wait_for_one_copy(outside)


def test_every_tab_stays_with_the_older_build_while_one_is_open(host, kept):
    first = open_in(kept, python=False)
    host.replace(newer(host.files))
    second = open_in(kept)
    wait_for_workers(second, "waiting", "active")
    first.reload()
    restart_python(second)
    assert build_of(first) == build_of(second) == "older"


def test_two_tabs_of_different_builds_both_go_on(host, visit):
    first = visit()  # the first visit ever: it is not the copy's, nor will it be
    wait_for_workers(first, "active")
    host.replace(newer(host.files))
    first.evaluate(UPDATE)
    wait_for_workers(first, "active")
    wait_for_one_copy(first)
    second = visit()
    assert (build_of(first), build_of(second)) == ("older", "newer")
    restart_python(first)
    assert (build_of(first), build_of(second)) == ("older", "newer")


def test_the_newer_build_can_be_used_at_once_when_no_other_tab_is_open(host, kept):
    page = open_in(kept, ready=False)
    other = open_in(kept, python=False)
    host.replace(newer(host.files))
    page.reload()
    wait_for_python(page)
    button = page.get_by_role("button", name="Use it now")
    button.click(timeout=BOOT_TIMEOUT)
    expect(page.get_by_text("Close its other tabs first")).to_be_visible()
    assert build_of(page) == build_of(other) == "older"
    other.close()
    shown.write(page, "zoe")
    button.click()
    page.wait_for_function("() => window.builtAs === 'newer'", timeout=BOOT_TIMEOUT)
    wait_for_python(page)
    assert build_of(page) == "newer"
    expect(shown.text_field(page)).to_have_value("zoe")


@pytest.mark.expects("404")
def test_a_page_replaced_on_the_server_while_it_starts_says_so_and_loading_it_again_helps(host, visit):
    replaced = newer(host.files)
    del host.files["py/lesson.py"]
    page = visit(ready=False, service_workers="block")
    retry = page.get_by_role("button", name="Retry")
    expect(retry).to_be_visible(timeout=BOOT_TIMEOUT)
    host.replace(replaced)
    retry.click()
    expect(page.locator("#python-status")).to_contain_text(
        re.compile("py/lesson.py.*newer version.*load the page again")
    )
    page.reload()
    wait_for_python(page)
    assert build_of(page) == "newer"


def test_a_build_that_is_half_there_is_not_kept(host, kept):
    half = newer(host.files)
    half["style.css"] = host.files["style.css"]  # as a host has it in the middle of an upload
    host.replace(half)
    page = open_in(kept)
    page.evaluate(UPDATE)
    wait_for_workers(page, "active")
    wait_for_one_copy(page)
    kept.set_offline(True)
    page.reload()
    wait_for_python(page)
    assert build_of(page) == "older"


# ---- browsers that keep nothing -----------------------------------------------------------
# (All other files of tests have service workers blocked.)


def test_an_emptied_copy_is_forgotten_and_the_page_comes_from_the_server(host, kept):
    page = open_in(kept, ready=False)
    page.evaluate("async () => (await caches.open((await caches.keys())[0])).delete('main.js')")
    page.close()
    page = open_in(kept)
    assert ("main.js", 200) in host.requests
    page.close()
    page = open_in(kept)
    assert build_of(page) == "older"
    wait_for_workers(page, "active")
    wait_for_one_copy(page)
    host.stop()
    page.reload()
    wait_for_python(page)


@pytest.mark.expects("Failed to update a ServiceWorker")
def test_a_newer_build_that_took_over_by_itself_is_gone_over_to_as_well(host, visit):
    page = visit()  # which no service worker serves yet
    wait_for_workers(page, "active")
    other = visit(python=False)
    host.replace(newer(host.files))
    other.evaluate(UPDATE)
    button = page.get_by_role("button", name="Use it now")
    expect(button).to_be_visible(timeout=BOOT_TIMEOUT)
    other.close()
    wait_for_workers(page, "active")
    button.click()
    page.wait_for_function("() => window.builtAs === 'newer'", timeout=BOOT_TIMEOUT)


def test_the_page_works_where_a_copy_cannot_be_opened(host, visit):
    refusing = 'caches.open = () => Promise.reject(new DOMException("", "QuotaExceededError"));'
    script = host.files[offline.NAME]
    host.files[offline.NAME] = server.Asset(refusing.encode() + script.body, script.suffix)
    page = visit()
    wait_for_workers(page)
    shown.write(page, "emma")


def test_the_page_works_where_storage_is_full(host, visit):
    page = visit(ready=False)
    devtools = page.context.new_cdp_session(page)
    origin = re.match(r"http://[^/]+", host.address)[0]
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 100_000})
    with page.context.expect_event("serviceworker"):  # it begins to keep a copy
        wait_for_python(page)
    wait_for_workers(page)
    assert page.evaluate(COPIES) == {}
    shown.write(page, "emma")


def test_the_page_works_where_storage_is_refused(open_page):
    page = open_page()
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
          Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });
        }
        Object.defineProperty(navigator, "serviceWorker", { get() { throw new DOMException("", "SecurityError"); } });"""
    )
    page.goto("./")
    wait_for_python(page)
    page.get_by_role("radio", name="Dark").check(force=True)
    assert page.get_attribute("html", "data-theme") == "dark"
    shown.write(page, "emma")


# ---- installing ---------------------------------------------------------------------------


def test_chromium_finds_nothing_wrong_with_installing_it(visit):
    page = visit(python=False)
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_every_icon_has_the_size_it_claims(assets, browser, site):
    icons = json.loads(assets["manifest.webmanifest"].body)["icons"]
    page = browser.new_page()
    page.goto(f"{site}assets.json")  # nothing runs there
    for icon in icons:
        width, height = page.evaluate(SIZE_OF_IMAGE, icon["src"])
        assert icon["sizes"] in ("any", f"{width}x{height}")
    page.close()
