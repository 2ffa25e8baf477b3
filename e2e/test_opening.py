"""The first screen: a name is typed and its bars are seen, with nothing to scroll."""

import re

import pytest
from playwright.sync_api import expect

from e2e import shown
from e2e.conftest import BOOT_TIMEOUT, never_starts_python

SCREENS = [(1280, 800), (360, 740)]


def opening(page):
    return page.locator("#opening")


def name_field(page):
    return page.get_by_role("textbox", name="Try a name")


def bars(page):
    return opening(page).get_by_role("table", name="What the model expects next").evaluate(shown.ROWS)


@pytest.mark.parametrize("width, height", SCREENS)
def test_all_of_it_is_seen_without_scrolling_before_any_script(open_page, width, height):
    page = open_page(viewport={"width": width, "height": height}, java_script_enabled=False)
    page.goto("./")
    assert opening(page).locator(".bars data").count() == 7
    for part in ("h1", ".lead", ".tokens", ".model", ".bars", ".on"):
        box = opening(page).locator(part).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, part
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, part


@pytest.mark.parametrize("width, height", SCREENS)
def test_ten_letters_are_typed_and_their_bars_seen_without_scrolling(lesson, width, height, cpython):
    lesson.set_viewport_size({"width": width, "height": height})
    lesson.evaluate("scrollTo(0, 0)")
    name_field(lesson).fill("")
    name_field(lesson).press_sequentially("clementine")
    last = cpython.read("clementine")["positions"][-1]
    expect(opening(lesson).locator(".bars data").first).to_have_attribute("value", repr(last["candidates"][0]["p"]))
    rows = bars(lesson)
    assert [row["header"] for row in rows] == [*(c["token"] for c in last["candidates"][:6]), "other"]
    assert [float(row["numbers"][0][0]) for row in rows] == pytest.approx(
        [*(c["p"] for c in last["candidates"][:6]), last["other"]["p"]], abs=1e-12
    )
    assert lesson.evaluate("scrollY") == 0
    for part in ("#name", ".bars", ".on"):
        box = opening(lesson).locator(part).bounding_box()
        assert box["y"] + box["height"] <= height, part


def test_the_bars_stay_in_sight_when_a_phone_puts_its_keyboard_on_the_screen(lesson):
    lesson.set_viewport_size({"width": 360, "height": 740})
    lesson.evaluate("scrollTo(0, 0)")
    name_field(lesson).focus()
    lesson.set_viewport_size({"width": 360, "height": 410})
    expect(opening(lesson).locator(".bars tr").last).to_be_in_viewport(ratio=1)
    expect(name_field(lesson)).to_be_in_viewport(ratio=1)


def test_it_is_the_text_of_the_sandbox_and_the_other_way_round(lesson):
    name_field(lesson).fill("mia")
    expect(shown.text_field(lesson)).to_have_value("mia")
    shown.write(lesson, "emma")
    expect(name_field(lesson)).to_have_value("emma")
    expect(opening(lesson).get_by_role("listitem")).to_have_text(["START", "e", "m", "m", "a"])


def test_what_cannot_be_typed_is_refused_where_it_was_typed(lesson):
    name_field(lesson).fill("mia")
    name_field(lesson).press_sequentially("7")
    expect(name_field(lesson)).to_have_value("mia")
    expect(opening(lesson).get_by_role("alert")).to_contain_text("7")
    expect(lesson.locator("#text-message")).to_be_empty()
    name_field(lesson).press_sequentially("m")
    expect(lesson.locator("#name-message")).to_be_empty()


@pytest.mark.parametrize("step, mode", [("Score it", "Loss"), ("Let it write", "Sample")])
def test_one_step_on_the_name_is_scored_or_continued_beside_it(lesson, step, mode):
    name_field(lesson).fill("mia")
    opening(lesson).get_by_role("button", name=step).click()
    expect(lesson.get_by_role("tab", name=mode)).to_be_focused()
    expect(lesson.get_by_role("tabpanel")).to_be_in_viewport()
    expect(shown.text_field(lesson)).to_have_value("mia")
    lesson.keyboard.press("Escape")
    expect(opening(lesson).get_by_role("button", name=step)).to_be_focused()


def test_the_lesson_is_one_step_on_too(lesson):
    opening(lesson).get_by_role("link", name="Read the lesson").click()
    expect(lesson.get_by_role("heading", name="The whole lesson in one sentence")).to_be_in_viewport()


def test_the_examples_answer_before_python_runs(page, cpython):
    page.route(re.compile(r"\.wasm"), lambda route: None)  # which never comes
    page.goto("./")
    for name in ("jacob", "trenchcoat", "anna"):
        page.get_by_role("button", name=name, exact=True).click()
        shown.wait_for_reading(page, name)
        candidates = cpython.read(name)["positions"][-1]["candidates"]
        assert [bar.p.value for bar in shown.bars(page)][:6] == [c["p"] for c in candidates[:6]]
        expect(page.locator("#provenance")).to_have_text(re.compile("computed when this page was built"))
    expect(page.locator("html")).to_have_attribute("data-python", "loading")


@pytest.fixture
def unstarted(open_page):
    """The page at its beginning, where Python never starts."""
    page = open_page()
    never_starts_python(page)
    page.goto("./")
    expect(page.locator("#theme")).to_be_visible()  # the page's own script has come so far
    return page


def test_what_is_far_below_is_laid_out_once_python_has_answered(unstarted, lesson):
    expect(unstarted.locator("#code")).to_have_css("content-visibility", "auto")
    expect(lesson.locator("#code")).to_have_css("content-visibility", "visible")
    expect(lesson.locator(".far")).to_have_count(0)


def test_or_once_somebody_scrolls(unstarted):
    unstarted.mouse.wheel(0, 10)
    expect(unstarted.locator(".far")).to_have_count(0)


def test_or_before_a_link_leads_past_it(unstarted):
    unstarted.get_by_role("navigation", name="Contents").get_by_role("link", name="Code").click()
    place = "document.querySelector('#code').getBoundingClientRect().y"
    unstarted.wait_for_function(f"Math.abs({place}) < 100")
    assert unstarted.locator(".far").count() == 0


def test_what_has_been_come_to_in_another_way_stays_in_sight(unstarted):
    heading = unstarted.locator("#larger h2")
    before = heading.evaluate("heading => { heading.scrollIntoView(); return heading.getBoundingClientRect().y; }")
    expect(unstarted.locator(".far")).to_have_count(0)
    unstarted.evaluate("new Promise(requestAnimationFrame)")
    assert heading.bounding_box()["y"] == pytest.approx(before, abs=2)


def test_a_link_to_a_chapter_opens_the_page_with_all_of_it_laid_out(open_page):
    page = open_page()
    never_starts_python(page)
    page.goto("./#larger")
    expect(page.locator("#larger")).to_be_in_viewport()
    expect(page.locator("#code")).to_have_css("content-visibility", "visible")


def test_a_page_that_is_loaded_anew_shows_the_place_where_it_was(open_page):
    page = open_page()
    page.goto("./")
    expect(page.locator(".far")).to_have_count(0, timeout=BOOT_TIMEOUT)
    place = page.locator("#code .subsection").nth(3)
    place.evaluate("place => place.scrollIntoView()")
    before = place.bounding_box()["y"]
    never_starts_python(page)
    page.reload()
    expect(page.locator("#code")).to_have_css("content-visibility", "visible")
    page.wait_for_function("scrollY > 0")
    assert place.bounding_box()["y"] == pytest.approx(before, abs=2)


@pytest.mark.expects("ERR_FAILED|Failed to load resource")
def test_when_python_fails_it_is_said_wherever_one_is_in_the_page(open_page):
    page = open_page(viewport={"width": 1280, "height": 800})
    page.route(re.compile(r"\.wasm"), lambda route: route.abort())
    page.goto("./")
    retry = page.get_by_role("button", name="Retry")
    retry.wait_for()
    page.locator("#code").scroll_into_view_if_needed()
    expect(retry).to_be_in_viewport()
    expect(page.get_by_role("status")).to_be_in_viewport()
