"""The page for everybody: what axe-core finds, at every width and in every theme, and nothing to scroll sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2e import shown

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of the others, axe need not tell every node
}


def findings(page, part="html"):
    found = Axe().run(page, context=part, options=RULES).response["violations"]
    return [f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found]


@pytest.mark.parametrize(
    "width, height, scheme, modes",
    [
        (1280, 800, "light", ["Forward"]),
        (320, 700, "light", ["Loss", "Sample", "Train"]),
        (360, 740, "dark", ["Forward", "Loss", "Sample", "Train"]),
    ],
)
def test_axe_finds_nothing_in_any_mode(lesson, width, height, scheme, modes):
    lesson.set_viewport_size({"width": width, "height": height})
    lesson.emulate_media(color_scheme=scheme)
    for mode in modes:
        shown.choose_mode(lesson, mode)
        if mode == "Train":
            expect(shown.panel(lesson).get_by_role("button", name="Train", exact=True)).to_be_visible()
        if mode == "Sample":
            shown.open_link(lesson, "#text=&mode=sample&seed=44&draws=3", "set")
        lesson.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")
        assert findings(lesson, "html" if mode == "Forward" else "#sandbox") == []  # the rest is the same in all modes


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("mode", ["forward", "loss", "sample"])
def test_nothing_is_wider_than_the_screen(lesson, width, mode):
    lesson.set_viewport_size({"width": width, "height": 700})
    if mode == "sample":
        shown.open_link(lesson, "#text=&mode=sample&seed=44&draws=5")
        shown.wait_for_draws(lesson, 5)
    else:
        shown.open_link(lesson, f"#text=abcdefghij&mode={mode}")
        shown.wait_for_reading(lesson, "abcdefghij")
    assert lesson.evaluate("document.documentElement.scrollWidth") <= width


def test_at_four_times_the_size_everything_still_fits(lesson):
    lesson.set_viewport_size({"width": 320, "height": 256})  # what 1280 by 1024 leaves at 400 %
    for mode in ("Forward", "Loss", "Sample", "Train"):
        shown.choose_mode(lesson, mode)
        assert lesson.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.fixture(scope="module")
def large_letters(browser, launch_options, site):
    """A page in a browser whose smallest letters are set to 24 pixels."""
    flags = [*launch_options["args"], "--blink-settings=minimumFontSize=24"]
    large = browser.browser_type.launch(**{**launch_options, "args": flags})
    yield large.new_page(base_url=site, service_workers="block")
    large.close()


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("mode", ["forward", "loss", "sample"])
def test_letters_that_the_browser_makes_larger_fit_too(large_letters, width, mode):
    page = large_letters
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("about:blank")
    page.goto(f"./#text=abcdefghij&mode={mode}")
    expect(page.locator(f"#{mode}-panel")).to_be_visible()
    legend = page.locator(".contents legend")
    assert legend.evaluate("node => node.offsetHeight") >= 24  # the setting has its effect
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_whatever_can_be_touched_is_large_enough(lesson):
    lesson.set_viewport_size({"width": 360, "height": 740})
    for mode in ("Forward", "Loss", "Sample", "Train"):
        shown.choose_mode(lesson, mode)
        small = lesson.evaluate(
            """() => [...document.querySelectorAll("button, input, summary, nav a, .try")]
                .filter(each => each.checkVisibility())
                .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
                .filter(([, { width, height }]) => width < 24 || height < 24)
                .map(([html]) => html)"""
        )
        assert small == []


def test_forced_colours_leave_bars_and_choices_visible(lesson):
    lesson.emulate_media(forced_colors="active")
    try:
        shown.choose_mode(lesson, "Forward")
        track, fill = lesson.evaluate(
            """() => [".bars .track", ".bars .fill"].map(name =>
                getComputedStyle(document.querySelector("#forward-panel " + name)).backgroundColor)"""
        )
        assert track != fill
    finally:
        lesson.emulate_media(forced_colors="none")
