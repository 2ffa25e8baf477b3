"""The page as one file, opened by double click: the whole lesson and the sandbox, with no server and no network."""

import re
import shutil
from itertools import zip_longest

import pytest
from playwright.sync_api import expect

from building import ROOT, lists, onefile, policy
from building.site import DIST
from e2e import shown
from e2e.conftest import BOOT_TIMEOUT, CONTEXT, Watch, never_starts_python, wait_for_python
from e2e.test_numbers import close_to

TEXTS = ["", "a", "emma", "zzzzzzzzzz", "christophe"]
SAMPLES = [("", 1, 1), ("ann", 7, 0.75), ("qxjwv", 5, 2)]  # text, seed, temperature


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The file alone in a folder, as it was handed round, and named as people name files."""
    return shutil.copy(DIST / onefile.NAME, tmp_path_factory.mktemp("stick") / "Für die 7b (2).html")


@pytest.fixture(scope="module")
def booted(browser, file):
    """In place of the site's: all that these tests share is this file, with the network off."""
    context = browser.new_context(**CONTEXT, offline=True)
    watch = Watch(context)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url.partition(":")[0]))
    page.goto(file.as_uri())
    wait_for_python(page)
    yield page, watch
    context.close()


def test_it_is_small_enough_to_hand_round():
    assert (DIST / onefile.NAME).stat().st_size <= 9_000_000


def test_it_asks_for_nothing_but_itself(lesson):
    assert lesson.asked.count("file") == 1
    assert set(lesson.asked) <= {"file", "blob", "data"}


def test_the_whole_lesson_is_in_it(lesson):
    for heading in ("Trenchcoat", "Data", "Forward", "Loss", "Be the model", "Sample", "Code", "Sandbox"):
        assert lesson.get_by_role("heading", name=heading).count() > 0, heading
    assert lesson.locator("[data-clip]").count() == 5
    assert lesson.get_by_role("link", name="Take it with you").count() == 0


def test_the_lists_to_learn_from_are_in_it(lesson):
    lesson.get_by_role("tab", name="Train").click()
    lesson.get_by_label("Dinosaurs").check()
    texts = (ROOT / lists.name("dinosaurs")).read_text(encoding="utf-8").splitlines()
    expect(lesson.locator(".preview li")).to_have_text(texts[:20])


def test_the_file_of_the_model_is_proved_unchanged(lesson):
    expect(lesson.locator("#proof")).to_have_attribute("data-agrees", "true")


@pytest.mark.parametrize("text", TEXTS)
def test_forward_shows_what_cpython_computes(lesson, cpython, text):
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, text)
    lesson.get_by_role("button", name="Show all 27").click()
    bars = shown.bars(lesson)
    lesson.get_by_role("button", name="Show the likeliest").click()
    expected = cpython.read(text)["positions"][-1]["candidates"]
    assert [bar.token for bar in bars] == [candidate["token"] for candidate in expected]
    assert [bar.p.value for bar in bars] == close_to([candidate["p"] for candidate in expected])


@pytest.mark.parametrize("text", TEXTS)
def test_loss_shows_what_cpython_computes(lesson, cpython, text):
    shown.choose_mode(lesson, "Loss")
    shown.write(lesson, text)
    expected = cpython.read(text)
    assert [column.nll.value for column in shown.columns(lesson)] == close_to([p["nll"] for p in expected["positions"]])
    assert shown.average(lesson).value == close_to(expected["mean_nll"])


@pytest.mark.parametrize("text, seed, temperature", SAMPLES)
def test_sample_draws_what_cpython_draws(lesson, cpython, text, seed, temperature):
    expected = cpython.show(text, temperature, seed, [temperature] * 16)
    link = f"text={text}&mode=sample&seed={seed}&temperature={temperature}&draws=16"
    shown.open_link(lesson, link, text=expected["text"])
    shown.wait_for_draws(lesson, len(expected["draws"]))
    draws = shown.draws(lesson)
    assert [draw.token for draw in draws] == [draw["token"] for draw in expected["draws"]]
    assert [draw.number.value for draw in draws] == close_to([draw["number"] for draw in expected["draws"]])
    assert [draw.p.value for draw in draws] == close_to([draw["p"] for draw in expected["draws"]])


def test_the_link_holds_the_state_and_back_goes_back(lesson):
    shown.open_link(lesson, "text=ann", text="ann")
    shown.choose_mode(lesson, "Loss")
    assert lesson.url.endswith("#mode=loss")
    lesson.get_by_role("button", name="jacob").click()
    assert lesson.url.endswith("#text=jacob&mode=loss")
    lesson.go_back()
    expect(shown.text_field(lesson)).to_have_value("ann")


@pytest.mark.expects("the end")
def test_python_can_be_started_again(lesson):
    lesson.workers[0].evaluate("setTimeout(() => { throw new Error('the end') })")
    lesson.get_by_role("button", name="Retry").click()
    wait_for_python(lesson)
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "emma")


# ---- a copy saved by the browser while the page runs ----------------------------------------


def as_browsers_save_it(page):
    """The document as it stands, its links as they lead from where it was; the text of scripts as it is."""
    here = page.url.partition("#")[0]
    body, script, rest = page.content().partition('<script type="text/html"')
    return re.sub(r'(<a [^>]*?href=")#', rf"\g<1>{here}#", body) + script + rest


# What stands in a page and at its root, whoever reads it; not the text that is only announced, after a while.
WHOLE = """() => {
  const body = document.body.cloneNode(true);
  for (const each of body.querySelectorAll("script, #live-region")) each.remove();
  const attributes = ({ attributes }) => Array.from(attributes, ({ name, value }) => `${name}=${value}`).sort();
  return [attributes(document.documentElement), attributes(body), body.innerHTML.split("<").map(each => each.trim())];
}"""
LINK = "#text=zoe&mode=loss"


@pytest.fixture(scope="module")
def start(browser):
    """A function that opens a file with that link, and gives what stands in the page once it is in the state of the link."""
    context = browser.new_context(**CONTEXT)

    def start(path):
        page = context.new_page()
        page.goto(path.as_uri() + LINK)
        page.wait_for_selector("html[data-python=ready]", timeout=BOOT_TIMEOUT)
        expect(shown.text_field(page)).to_have_value("zoe")
        shown.wait_for_reading(page, "zoe")
        expect(page.locator("#proof")).to_have_attribute("data-agrees", "true")
        page.wait_for_selector("#game .board", state="attached")  # which is made later than the rest
        expect(page.locator(".player:empty")).to_have_count(0)
        expect(page.locator("#game .board")).to_contain_text("each of the 27 tokens has")  # Python has been asked, too
        whole = page.evaluate(WHOLE)
        page.close()
        return whole

    yield start
    context.close()


def differences(page, other):
    """The first of what stands in one page and not in the other: all of a page is too much to look through."""
    ours, theirs = ([line for part in whole for line in part] for whole in (page, other))
    return [pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1]][:10]


@pytest.fixture(scope="module")
def original(start):
    return start(DIST / onefile.NAME)


def with_much_in_it(page):
    shown.open_link(page, "text=an&mode=sample&seed=7&draws=2")
    shown.wait_for_draws(page, 2)
    page.get_by_role("button", name="Generate 20").click()
    expect(page.get_by_role("list", name="Generated names").get_by_role("listitem")).to_have_count(20)
    shown.open_link(page, "text=mara&mode=loss&position=2", text="mara")
    shown.wait_for_reading(page, "ma")
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("button", name="Put it beside the text").click()
    shown.text_field(page).fill("é")
    page.locator("details").first.evaluate("details => { details.open = true; }")


def with_draws_and_python_failed(page):
    shown.open_link(page, "text=an&mode=sample&seed=7&draws=2")
    shown.wait_for_draws(page, 2)
    page.workers[-1].evaluate("setTimeout(() => { throw new Error('the end') })")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


def while_it_starts(page):
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("html")).to_have_attribute("data-python", "loading")


@pytest.mark.expects("the end")
def test_a_copy_that_was_saved_of_the_running_page_starts_like_the_original(lesson, start, original, tmp_path):
    for state in (with_much_in_it, with_draws_and_python_failed, while_it_starts):
        state(lesson)
        saved = tmp_path / f"{state.__name__}.html"
        saved.write_text(as_browsers_save_it(lesson))
        assert differences(start(saved), original) == [], state.__name__
    wait_for_python(lesson)


def test_an_alert_that_was_saved_does_not_stay_when_it_is_no_longer_true(start, original, tmp_path):
    """The browser that saved it could not run the script; another one can."""
    saved = tmp_path / "saved.html"
    whole = (DIST / onefile.NAME).read_text()
    alert = '<p id="script-missing" class="broken" role="alert" hidden>'
    assert whole.count(alert) == 2
    saved.write_text(
        whole.replace(alert, alert.replace(" hidden", ""), 1).replace(
            'data-python="loading"', 'data-python="failed"', 1
        )
    )
    assert differences(start(saved), original) == []


# ---- in a frame that is made of text --------------------------------------------------------


@pytest.fixture
def open_cell(browser, request):
    """A function that opens the page in a notebook's cell, in a frame with that attribute sandbox, if any."""
    opened = []

    def open(sandbox, python):
        context = browser.new_context(**CONTEXT, offline=True)
        opened.append((context, Watch(context)))
        if not python:
            never_starts_python(context)
        page = context.new_page()
        page.evaluate(
            """([text, sandbox]) => {
              const frame = Object.assign(document.createElement("iframe"), { width: 1000, height: 700 });
              if (sandbox) frame.sandbox = sandbox;
              frame.srcdoc = text;
              document.body.append(frame);
            }""",
            [(DIST / onefile.NAME).read_text(), sandbox],
        )
        return page.frames[1]

    yield open
    for context, watch in opened:
        context.close()
        watch.check(request.node)


@pytest.mark.parametrize(
    "sandbox, python", [("", False), ("allow-scripts", True)], ids=["of its origin", "without origin"]
)
def test_in_a_frame_made_of_text_links_and_the_state_work_as_elsewhere(open_cell, sandbox, python):
    """By keyboard: for each click Playwright looks at the frame from outside, with all the text in its attribute."""
    cell = open_cell(sandbox, python)
    if python:
        wait_for_python(cell)
    else:
        expect(shown.text_field(cell)).to_be_enabled()
        expect(cell.locator("#python-status")).to_have_text("Starting Python")
    heading = cell.get_by_role("heading", name="Sandbox", exact=True)
    for _ in range(2):  # also to where one has been led before
        cell.get_by_role("link", name="Sandbox", exact=True).press("Enter")
        expect(heading).to_be_in_viewport()
        assert cell.url == "about:srcdoc#sandbox"
        cell.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        expect(heading).not_to_be_in_viewport()
    shown.text_field(cell).fill("zoe")
    if python:
        shown.wait_for_reading(cell, "zoe")
    cell.get_by_role("tab", name="Loss").press("Enter")
    expect(cell.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")
    assert cell.evaluate("location.href") == "about:srcdoc#text=zoe&mode=loss"
    cell.get_by_role("tab", name="Sample").press("Enter")
    expect(cell.get_by_role("tab", name="Sample")).to_have_attribute("aria-selected", "true")
    cell.evaluate("history.back()")
    expect(cell.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")
    cell.get_by_role("link", name="Data", exact=True).press("Enter")
    expect(cell.locator("#data")).to_be_in_viewport()
    assert cell.evaluate("location.href") == "about:srcdoc#text=zoe&mode=loss"  # which holds the state still
    expect(shown.text_field(cell)).to_have_value("zoe")


# ---- a damaged copy -----------------------------------------------------------------------


@pytest.fixture
def copy(browser, tmp_path):
    """A function that opens a copy with an edit, a function from the file's text to another one."""
    context = browser.new_context(**CONTEXT)

    def open(edit):
        path = tmp_path / onefile.NAME
        path.write_text(edit((DIST / onefile.NAME).read_text()))
        page = context.new_page()
        page.goto(f"{path.as_uri()}#text=zoe")
        return page

    yield open
    context.close()


DAMAGE = {
    "cut short": lambda html: html[: len(html) // 2],
    "its script changed": lambda html: html.replace('<script type="module">', '<script type="module">;'),
    "its script not understood": lambda html: understood_by_nobody(html),
}


def understood_by_nobody(html):
    """The file as it is to a browser that is too old for its script."""
    before, script, after = re.split('(?<=<script type="module">)(.*?)(?=</script>)', html, maxsplit=1, flags=re.DOTALL)
    newer = script + " #"
    return f"{before}{newer}{after}".replace(policy.digest(script), policy.digest(newer))


@pytest.mark.parametrize("edit", DAMAGE.values(), ids=DAMAGE)
def test_a_copy_whose_script_does_not_run_says_so(copy, edit):
    page = copy(edit)
    expect(page.locator("html")).to_have_attribute("data-python", "failed")
    expect(
        page.get_by_role("alert").filter(has_text="this file is damaged, or this browser is too old")
    ).to_be_visible()
    expect(page.locator("#python-status")).to_contain_text("Copy the file again")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


@pytest.mark.parametrize("wrong", ["!", "A", ""], ids=["no base64", "another letter", "a letter too few"])
def test_a_copy_with_a_damaged_file_in_it_names_that_file(copy, wrong):
    page = copy(lambda html: re.sub('(?<=data-file="weights/microgpt.json">.{1000}).', wrong, html))
    expect(page.locator("html")).to_have_attribute("data-python", "failed")
    said = re.compile("weights/microgpt.json, which this page carries in itself, is damaged.*Copy the page again")
    expect(page.locator("#python-status")).to_have_text(said)
    expect(shown.text_field(page)).to_have_value("zoe")
