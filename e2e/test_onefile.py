"""The page as one file, opened by double click: the whole lesson and the sandbox, with no server and no network."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from building import onefile, policy
from building.site import DIST
from e2e import shown
from e2e.conftest import CONTEXT, Watch, wait_for_python
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
    for heading in ("Trenchcoat", "Data", "Forward", "Loss", "Sample", "Code", "Sandbox"):
        assert lesson.get_by_role("heading", name=heading).count() > 0, heading
    assert lesson.locator("[data-clip]").count() == 3
    assert lesson.get_by_role("link", name="Take it with you").count() == 0


def test_the_file_of_the_model_is_proved_unchanged(lesson):
    assert lesson.get_attribute("#proof", "data-agrees") == "true"


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


def test_a_link_to_a_state_opens_the_file_in_that_state(browser, file):
    page = browser.new_page()
    page.goto(f"{file.as_uri()}#text=zoe&mode=loss")
    expect(page.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")
    expect(shown.text_field(page)).to_have_value("zoe", timeout=90_000)
    page.close()


@pytest.mark.expects("the end")
def test_python_can_be_started_again(lesson):
    lesson.workers[0].evaluate("setTimeout(() => { throw new Error('the end') })")
    lesson.get_by_role("button", name="Retry").click()
    wait_for_python(lesson)
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "emma")


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
