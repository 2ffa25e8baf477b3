"""The lesson around the sandbox: what stands there before Python runs, the clips, and the links into the sandbox."""

import re

import pytest
from playwright.sync_api import expect

from building.first_steps import first_steps
from e2e import shown
from e2e.conftest import without_python

CLIPS = ["forward", "loss", "sample", "train"]
# Every number in a panel, in order: its full value, and as people read it.
NUMBERS = "panel => [...panel.querySelectorAll('data')].map(data => [data.value, data.textContent])"


@pytest.fixture(scope="module")
def still(browser, site):
    """The page as it is where no script runs: the same for all."""
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("./")
    yield page
    context.close()


def clip(page, kind):
    return page.locator(f"[data-clip={kind}]")


def test_the_first_bars_are_in_the_page_before_any_script_and_equal_what_python_says(still, lesson):
    panel = "#forward-panel"
    before = [(data.get_attribute("value"), data.inner_text()) for data in still.locator(f"{panel} data").all()]
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "anna")
    shown.write(lesson, "ann")
    live = [tuple(pair) for pair in lesson.locator(panel).evaluate(NUMBERS)]
    assert len(before) == 8  # seven bars, and the likeliest in words
    assert before == live


def test_live_python_takes_over_without_a_jump(open_page, boot):
    page = open_page()
    page.goto("./", wait_until="commit")
    page.wait_for_selector("#forward-panel data")
    html = "document.querySelector('#forward-panel').innerHTML.replace(/tokens-\\d+/g, '')"
    before = page.evaluate(html)
    boot(page)
    expect(page.locator("#provenance")).to_be_empty()
    assert page.evaluate(html) == before


def test_numbers_made_at_build_time_are_said_to_be_so(still):
    expect(still.locator("#provenance")).to_have_text(re.compile("computed when this page was built"))


def test_without_scripts_theory_figures_and_code_can_be_read(still):
    for kind in CLIPS:
        expect(clip(still, kind).locator(".scene")).to_be_visible()
    for kind in CLIPS[:3]:
        expect(still.locator(f"#{kind}-panel")).to_be_visible()
    expect(still.get_by_role("heading", name=re.compile("^Forward:"))).to_be_visible()
    expect(still.get_by_role("button", name="Draw", exact=True)).to_be_hidden()
    expect(still.get_by_role("link", name=re.compile("microgpt.py")).first).to_be_visible()


@pytest.mark.parametrize("kind", CLIPS)
def test_a_clip_can_be_stepped_through_to_its_end_and_says_each_moment(lesson, kind):
    figure = clip(lesson, kind)
    captions = figure.locator("figcaption li").all_text_contents()
    scrub = figure.get_by_role("slider", name="Moment")
    scrub.fill("0")
    forward = figure.get_by_role("button", name="One step on")
    for caption in captions[:-1]:
        expect(figure.locator(".moment")).to_have_text(caption)
        forward.click()
    expect(figure.locator(".moment")).to_have_text(captions[-1])
    expect(forward).to_be_disabled()
    figure.get_by_role("button", name="One step back").click()
    expect(figure.locator(".moment")).to_have_text(captions[-2])


def test_the_loss_clip_shows_a_wrong_guess_that_costs_less_than_a_right_one(cpython):
    positions = cpython.read("aria")["positions"]
    right = [each["nll"] for each in positions if each["right"]]
    wrong = [each["nll"] for each in positions if not each["right"]]
    assert max(right) > min(wrong)


def test_the_sample_clip_draws_once_from_other_and_ends_with_stop(lesson):
    captions = clip(lesson, "sample").locator("li").all_text_contents()
    assert sum("falls on other" in caption for caption in captions) == 1
    assert captions[-1].startswith("STOP ends it")


@pytest.mark.parametrize("kind", CLIPS)
def test_the_numbers_of_a_clip_are_the_models_own(lesson, cpython, kind):
    figure = clip(lesson, kind)
    scrub = figure.get_by_role("slider", name="Moment")
    scrub.fill("0")
    p = float(figure.locator("data").first.get_attribute("value"))
    if kind == "loss":
        assert p == cpython.read("aria")["positions"][0]["p_true"]
    elif kind == "train":
        assert p == first_steps()["moments"][0]["position"]["candidates"][0]["p"]
    else:
        assert p == cpython.read("")["positions"][0]["candidates"][0]["p"]


def test_a_clip_plays_while_it_is_seen_and_pauses_off_screen(open_page):
    page = open_page(reduced_motion="no-preference")
    without_python(page)
    page.goto("./")
    figure = clip(page, "loss")
    figure.scroll_into_view_if_needed()
    pause = figure.get_by_role("button", name="Pause the clip")
    expect(pause).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    expect(figure.get_by_role("button", name="Watch the clip")).to_have_count(1)


def test_a_clip_stands_still_for_those_who_prefer_reduced_motion(open_page):
    page = open_page(reduced_motion="reduce")
    without_python(page)
    page.goto("./")
    figure = clip(page, "forward")
    figure.scroll_into_view_if_needed()
    expect(figure.get_by_role("button", name="Watch the clip")).to_be_visible()
    last = figure.locator("li").last.text_content()
    expect(figure.locator(".moment")).to_have_text(last)
    assert figure.evaluate("figure => figure.getAnimations({ subtree: true }).length") == 0


def test_letters_that_are_talked_about_look_like_tokens(still, cpython):
    positions = cpython.read("aria")["positions"]
    talked_about = still.locator("#loss .prose").first.locator(".inline-token")
    dearest, cheapest = positions[0], positions[-1]
    expect(talked_about).to_have_text(
        [
            *["STOP", *"aria", dearest["token"], dearest["guess"]],
            *[cheapest["token"], cheapest["guess"], cheapest["true"], "a", "a"],
        ]
    )
    expect(talked_about.nth(1)).to_have_css("border-top-style", "solid")
    expect(still.locator("#forward .tries .inline-token")).to_have_text([*"ann", *"python", "q"])
    expect(still.locator("#code .beside .inline-token").first).to_have_text("a")


def test_a_token_in_a_sentence_leaves_the_lines_where_they_are(still):
    for selector in ("#loss .prose p:not(.tries)", "#forward .prose p:not(.tries)", "#code .beside p"):
        lines = still.locator(f"{selector}:has(.inline-token)").evaluate_all(
            "all => all.map(p => p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight))"
        )
        assert lines
        assert all(abs(count - round(count)) < 0.05 for count in lines), selector


def test_the_captions_of_a_clip_read_as_plain_sentences(lesson, cpython):
    figure = clip(lesson, "loss")
    for position, item in zip(cpython.read("aria")["positions"], figure.locator("li").all()):
        comes = f"and {position['true']} it is" if position["right"] else f"but {position['true']} comes"
        told = f"After {position['token']} the model’s top guess is {position['guess']}, {comes}. It gave "
        assert item.text_content().startswith(told)
        tokens = [position["token"], position["guess"], position["true"], position["true"]]
        assert item.locator(".inline-token").all_text_contents() == tokens
    scrub = figure.get_by_role("slider", name="Moment")
    scrub.fill("1")
    expect(scrub).to_have_attribute("aria-valuetext", figure.locator("li").nth(1).text_content())
    expect(figure.locator(".moment .inline-token")).to_have_count(4)


def test_no_sentence_begins_with_a_bare_letter(still):
    said = still.locator(":is(p, li, figcaption, summary, h1, h2, h3):not(.formula)").all_text_contents()
    assert len(said) > 100
    begins = re.compile(r"(?:^|[.?!]\s+)[a-z](?![\w.’])")
    assert [text for text in said if begins.search(text.strip())] == []


def test_attention_has_its_name_in_the_lesson(still):
    expect(still.locator("#forward .prose")).to_contain_text("attention")
    expect(still.locator("#forward .terms dfn")).to_contain_text(["Attention"])
    expect(still.locator("#larger .prose")).to_contain_text("attention")


@pytest.mark.parametrize("width", [360, 1280])
def test_words_are_explained_before_the_text_or_beside_it(lesson, width):
    lesson.set_viewport_size({"width": width, "height": 740})
    chapters = lesson.locator(".chapter:has(> aside.terms)")
    assert chapters.count() == 8
    for chapter in chapters.all():
        parts = ("h2", "aside.terms", "aside.terms + .prose")
        heading, terms, text = (chapter.locator(f"> {part}").bounding_box() for part in parts)
        assert heading["y"] + heading["height"] <= min(terms["y"], text["y"])
        if width == 360:
            assert terms["y"] + terms["height"] <= text["y"]
        else:
            assert terms["y"] == text["y"] and terms["x"] >= text["x"] + text["width"]


def test_the_coat_stands_beside_the_four_things_where_there_is_room(lesson):
    lesson.set_viewport_size({"width": 1280, "height": 800})
    coat, four = (lesson.locator(f"#lesson {part}").bounding_box() for part in (".terms", ".four"))
    assert coat["x"] >= four["x"] + four["width"] and coat["y"] < four["y"]


def test_every_try_it_link_sets_the_sandbox_to_its_example(lesson, cpython):
    links = lesson.locator("a.try:not([data-inside])")
    assert links.count() >= 10
    for link in links.all():
        given = dict(pair.split("=") for pair in link.get_attribute("href").lstrip("#").split("&"))
        link.click()
        tab = lesson.get_by_role("tab", name=given["mode"].capitalize())
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(tab).to_be_focused()
        expect(tab).to_be_in_viewport()
        temperature = float(given.get("temperature", 1))
        draws = [temperature] * int(given.get("draws", 0))
        picture = cpython.show(given["text"], temperature, int(given.get("seed", 1)), draws)
        expect(shown.text_field(lesson)).to_have_value(picture["text"])


def test_the_way_to_a_chapter_leaves_the_sandbox_as_it_is(lesson):
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "emma")
    lesson.get_by_role("navigation").get_by_role("link", name="Loss").click()
    expect(shown.text_field(lesson)).to_have_value("emma")


def test_the_choice_of_colours_is_remembered(open_page):
    page = open_page(color_scheme="light")
    without_python(page)
    page.goto("./")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("radio", name="Dark").check()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    assert page.evaluate(paper) == dark
    page.get_by_role("radio", name="System").check()
    assert page.evaluate(paper) == light


def test_a_browser_that_knows_no_pair_of_colours_has_the_light_ones(lesson):
    style = lesson.evaluate(
        "fetch(document.querySelector('link[rel=stylesheet]').href).then(response => response.text())"
    )
    light = dict(re.findall(r"(--[\w-]+): ?light-dark\((#\w+),", style))
    (older,) = re.findall(r"@supports not \(color: ?light-dark\([^)]*\)\)\s*{[^{]*{([^}]*)}", style)
    assert dict(re.findall(r"(--[\w-]+): ?(#\w+)", older)) == light != {}


def test_paper_gets_a_handout_in_dark_ink_without_the_controls(lesson):
    ink = "getComputedStyle(document.body).color"
    lesson.get_by_role("radio", name="Light").check()
    dark = lesson.evaluate(ink)
    lesson.get_by_role("radio", name="Dark").check()
    assert lesson.evaluate(ink) != dark
    lesson.emulate_media(media="print")
    try:
        assert lesson.evaluate(ink) == dark
        expect(lesson.get_by_role("heading", name=re.compile("^Sample:"))).to_be_visible()
        expect(clip(lesson, "loss").locator(".scene")).to_be_visible()
        expect(lesson.get_by_role("navigation")).to_be_hidden()
        expect(lesson.get_by_role("slider").first).to_be_hidden()
    finally:
        lesson.emulate_media(media="screen")
        lesson.get_by_role("radio", name="System").check()
