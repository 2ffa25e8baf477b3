"""A browser that translates the page: it leaves data alone, and whatever it wraps or replaces, the page goes on."""

import pytest
from playwright.sync_api import expect

from e2e import shown

# What the page shows that is no word of a language.
DATA = """
    .token .face, .inline-token, .tokenized tr:first-child td, .bars tr:not(.other) th, .losses td:nth-child(-n+3) > :first-child,
    .bet .face, .whole-name tbody th, .draws td:nth-of-type(4) > b, .strip .segment:not(.other) > span, .names li, .presets button:not(:last-child),
    code, input[type=text]
"""
UNMARKED = """selector => [...document.querySelectorAll(selector)]
    .filter(each => each.translate || !each.closest(".notranslate")).map(each => each.outerHTML.slice(0, 90))"""
TOO_MUCH = """() => [...document.querySelectorAll("h1, h2, h3, p:not(:has(> code:only-child)), label, .other th, .tries a, .beside p")]
    .filter(each => !each.translate).map(each => each.outerHTML.slice(0, 90))"""

# As Chromium's translation does: every text goes into a <font>, in another language.
TRANSLATE = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
        const parent = text.parentElement;
        if (!text.data.trim() || !parent.translate || parent.closest("script, style, svg, font")) continue;
        const [outer, inner] = [document.createElement("font"), document.createElement("font")];
        inner.textContent = text.data.toUpperCase();
        outer.append(inner);
        text.replaceWith(outer);
    }
    document.documentElement.lang = "xx";
    document.documentElement.classList.add("translated-ltr");
}"""


@pytest.fixture
def own(page, boot):
    """A page of the test's own: a translated one is of no use to others."""
    page.goto("./#text=&mode=sample&seed=44&draws=3")
    boot(page)
    shown.wait_for_draws(page, 3)
    shown.panel(page).get_by_role("button", name="Generate 20").click()
    expect(page.get_by_role("list", name="Generated names")).to_be_visible()
    return page


def test_what_is_data_is_marked_as_not_to_be_translated_and_nothing_else(own):
    for mode in ("Loss", "Forward"):
        shown.choose_mode(own, mode)
    assert own.locator(DATA).count() > 300
    assert own.evaluate(UNMARKED, DATA) == []
    assert own.evaluate(TOO_MUCH) == []


def test_a_translated_page_goes_on(own, cpython):
    page = own
    page.evaluate(TRANSLATE)
    expect(page.get_by_role("button", name="GENERATE 20")).to_be_visible()
    for text in ("emma", "jacob", "jaco"):
        shown.text_field(page).fill(text)
        best = cpython.show(text, 1, 44, [])["next"]["candidates"][0]
        expect(shown.panel(page).locator(".bars tr:first-child th")).to_have_text(best["token"])
        page.evaluate(TRANSLATE)
    assert page.locator("#sample-panel .tokens .face").all_text_contents() == ["START", *"jaco"]
    for kind in ("forward", "loss", "sample"):
        page.locator(f"[role=tab][data-mode={kind}]").click()
        expect(page.locator(f"#{kind}-panel")).to_be_visible()
        page.evaluate(TRANSLATE)
    page.locator("#sample-panel button.primary").click()
    shown.wait_for_draws(page, 1)
    assert len(page.locator("#sample-panel .moment").inner_text()) < 120  # said once
    page.get_by_role("textbox").first.fill("é")
    expect(page.locator("#name-message")).to_contain_text("“é” (U+00E9) is not one of")


def test_words_that_stay_the_same_stay_translated(own):
    own.evaluate(TRANSLATE)
    shown.text_field(own).fill("emma")
    expect(own.locator("#sample-panel .tokens .face")).to_have_text(["START", *"emma"])
    expect(own.locator("#sample-panel .bars .other th")).to_have_text("OTHER")
    expect(own.locator("#sample-panel button.primary")).to_have_text("DRAW")
