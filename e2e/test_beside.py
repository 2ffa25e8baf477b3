"""The sandbox goes with the reader: beside the text and back, and the reader stays where the reader was."""

import re

import pytest
from playwright.sync_api import expect

from e2e import shown

COLUMN, SHEET = (1280, 800), (360, 740)
SIZES = pytest.mark.parametrize("size", [COLUMN, SHEET], ids=["column", "sheet"])


@pytest.fixture
def reader(lesson):
    """A function: the lesson in a window of a size, the sandbox in its place, and a Try it link in view."""

    def read(size, link="how names begin"):
        lesson.set_viewport_size({"width": size[0], "height": size[1]})
        shown.open_link(lesson, "#text=emma", "emma")
        if is_beside(lesson):
            lesson.keyboard.press("Escape")
        expect_home(lesson)
        place = lesson.get_by_role("link", name=link)
        place.evaluate("link => { link.scrollIntoView({ block: 'center', behavior: 'instant' }); }")
        return lesson, place

    return read


def is_beside(page):
    return page.evaluate("document.documentElement.hasAttribute('data-beside')")


def sandbox(page):
    return page.get_by_role("region", name="Sandbox")


def expect_home(page):
    expect(page.locator("html:not([data-beside])")).to_be_attached()


def expect_beside(page):
    expect(page.locator("html[data-beside]")).to_be_attached()
    expect(page.get_by_role("tabpanel")).to_be_in_viewport()


def where(page, place):
    return page.evaluate("scrollY"), place.bounding_box()["y"]


@SIZES
def test_a_try_it_link_brings_the_sandbox_with_its_example_and_the_link_stays_in_sight(reader, size):
    page, link = reader(size)
    link.click()
    expect_beside(page)
    expect(shown.text_field(page)).to_have_value("")
    expect(page).to_have_url(re.compile("#text=$"))
    expect(page.get_by_role("tab", name="Forward")).to_be_focused()
    expect(link).to_be_in_viewport()
    box, frame = link.bounding_box(), sandbox(page).bounding_box()
    assert (
        box["x"] + box["width"] <= frame["x"] or box["y"] + box["height"] < frame["y"] + 1
    )  # not under it, but for what scrolling by whole pixels leaves


@SIZES
@pytest.mark.parametrize("way", ["Escape", "Put it back", "Back"])
def test_put_back_in_whatever_way_the_reader_is_exactly_where_the_reader_was(reader, size, way):
    page, link = reader(size)
    before = where(page, link)
    link.click()
    expect_beside(page)
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "Back":
        page.go_back()
    else:
        sandbox(page).get_by_role("button", name=way).click()
    expect_home(page)
    page.wait_for_function("place => scrollY === place", arg=before[0])
    assert where(page, link) == before
    expect(link).to_be_focused()
    expect(shown.text_field(page)).to_have_value("emma" if way == "Back" else "")


@SIZES
def test_back_leads_from_far_away_to_the_reading_place_and_the_earlier_state(reader, size):
    page, link = reader(size)
    before = where(page, link)
    link.click()
    expect_beside(page)
    page.evaluate("scrollBy({ top: 900, behavior: 'instant' })")
    page.go_back()
    expect_home(page)
    page.wait_for_function("place => scrollY === place", arg=before[0])
    assert where(page, link) == before
    expect(shown.text_field(page)).to_have_value("emma")
    page.go_forward()
    expect_beside(page)
    expect(shown.text_field(page)).to_have_value("")


@SIZES
def test_whoever_has_read_on_meanwhile_stays_there(reader, size):
    page, link = reader(size)
    link.click()
    expect_beside(page)
    heading = page.get_by_role("heading", name=re.compile("^Sample:"))
    heading.evaluate("node => { node.scrollIntoView({ block: 'start', behavior: 'instant' }); }")
    before = heading.bounding_box()["y"]
    sandbox(page).get_by_role("button", name="Put it back").click()
    expect_home(page)
    assert heading.bounding_box()["y"] == pytest.approx(before, abs=1)


def test_it_is_the_same_node_in_both_places_and_keeps_what_is_going_on_in_it(reader):
    page, link = reader(COLUMN)
    page.evaluate("window.node = document.querySelector('#sandbox input')")
    panel = shown.panel(page)
    panel.get_by_role("button", name="Show all 27").click()
    link.click()
    expect_beside(page)
    assert page.evaluate("window.node === document.querySelector('#sandbox input') && window.node.isConnected")
    expect(panel.get_by_role("button", name="Show the likeliest")).to_be_visible()
    panel.get_by_role("button", name="Show the likeliest").click()


def test_a_button_puts_it_there_and_back_and_its_place_is_kept(reader):
    page, _ = reader(COLUMN)
    button = sandbox(page).get_by_role("button", name="Put it beside the text")
    button.scroll_into_view_if_needed()
    height = sandbox(page).bounding_box()["height"]
    button.click()
    expect_beside(page)
    place = page.get_by_text("The sandbox stands beside the text for now.")
    place.scroll_into_view_if_needed()
    assert page.locator("#sandbox-away").bounding_box()["height"] == pytest.approx(height, abs=1)
    page.get_by_role("main").get_by_role("button", name="Put it back").first.click()
    expect_home(page)
    expect(place).to_be_hidden()
    assert sandbox(page).bounding_box()["height"] == pytest.approx(height, abs=1)


def test_a_part_of_the_code_brings_its_picture_beside_it(reader):
    page, _ = reader(COLUMN)
    button = page.locator("#code [data-shows=probs]")
    button.click()
    expect_beside(page)
    expect(page.locator("[data-part=probs][data-outlined]:visible").first).to_be_in_viewport()
    expect(button).to_be_in_viewport()


def test_the_keyboard_finds_a_way_in_and_back_to_the_place_left(reader):
    page, link = reader(COLUMN)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Forward")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    while not page.evaluate("document.activeElement.id === 'back-to-text'"):
        page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Back to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    expect_beside(page)
    contents = page.get_by_role("navigation", name="Contents").get_by_role("link", name="Sandbox")
    contents.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Forward")).to_be_focused()
    page.keyboard.press("Escape")
    expect(contents).to_be_focused()
    expect_home(page)


def test_the_sheet_covers_at_most_sixty_percent_and_folds_to_its_field_and_tabs(reader):
    page, link = reader(SHEET)
    link.click()
    expect_beside(page)
    box = sandbox(page).bounding_box()
    assert box["height"] <= 0.6 * SHEET[1] + 1
    assert box["y"] + box["height"] == pytest.approx(SHEET[1], abs=1)
    sandbox(page).get_by_role("button", name="Fold", exact=True).click()
    expect(shown.text_field(page)).to_be_in_viewport()
    expect(page.get_by_role("tab", name="Sample")).to_be_in_viewport()
    expect(page.get_by_role("tabpanel")).to_be_hidden()
    assert sandbox(page).bounding_box()["height"] < 0.25 * SHEET[1]
    sandbox(page).get_by_role("button", name="Unfold").click()
    expect(page.get_by_role("tabpanel")).to_be_visible()


def test_what_has_the_focus_is_never_under_the_sheet(reader):
    page, link = reader(SHEET)
    link.click()
    expect_beside(page)
    first = page.locator("#data").evaluate_handle("node => node.closest('main').querySelector('a, button, summary')")
    first.as_element().focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        bottom = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        assert bottom <= sandbox(page).bounding_box()["y"] + 1


def test_a_reload_leaves_it_beside_the_text_and_a_link_never_puts_it_there(page, boot):
    page.goto("./#text=mia")
    boot(page)
    expect_home(page)
    page.get_by_role("button", name="Score it").click()
    expect_beside(page)
    page.reload()
    boot(page)
    expect_beside(page)
    assert "beside" not in page.url


def test_paper_has_it_in_its_place(reader):
    page, link = reader(COLUMN)
    link.click()
    expect_beside(page)
    page.emulate_media(media="print")
    try:
        assert sandbox(page).evaluate("node => getComputedStyle(node).position") != "fixed"
        expect(page.get_by_text("The sandbox stands beside the text for now.")).to_be_hidden()
    finally:
        page.emulate_media(media="screen")
