"""Experiments and challenges, beside the editor: foreseen, applied, seen, taken back; changed, tried, and done."""

import json

import pytest
from playwright.sync_api import expect

from building import experiments
from building.experiments import MODEL, Version, apply

ORIGINAL = MODEL.read_text(encoding="utf-8")
BUILT = {experiment["id"]: experiment for experiment in experiments.build()}
WORDS = json.loads(experiments.WORDS.read_text(encoding="utf-8"))
RIGHT, OTHERWISE = "That is what happens.", "It comes out otherwise:"


@pytest.fixture
def room(lesson):
    """The page with the editor open, and nothing tried before in this browser."""
    lesson.evaluate("localStorage.clear()")
    lesson.goto(lesson.url.partition("#")[0] + "#text=ann")
    lesson.reload()
    expect(lesson.locator("html")).to_have_attribute("data-python", "ready", timeout=90_000)
    lesson.locator("#edit-open").click()
    expect(lesson.get_by_role("textbox", name="microgpt.py")).to_be_visible()
    return lesson


def opened(page, part, name):
    details = page.locator(f"#{part}s")
    if details.get_attribute("open") is None:
        details.locator("> summary").click()
    card = page.locator(f"#{part}-{name}")
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    return card


def shown_p(page):
    """{token: probability} of the bars of Forward."""
    rows = page.locator("#forward-panel tbody tr:not([hidden])")
    return rows.evaluate_all(
        "rows => Object.fromEntries(rows.map(row => [row.querySelector('th').innerText.trim(), Number(row.querySelector('td data').value)]))"
    )


def test_an_experiment_is_foreseen_applied_seen_and_taken_back(room):
    card = opened(room, "experiment", "square")
    card.get_by_role("radio", name="It is less sure.").check()
    card.get_by_role("button", name="Apply and run").click()
    expect(card.locator(".result")).to_contain_text(OTHERWISE)
    expect(card.locator(".result")).to_contain_text("It is surer.")
    values = BUILT["square"]["values"]
    numbers = card.locator(".result data").evaluate_all("all => all.map((each) => Number(each.value))")
    assert numbers == [values[name] for name in ("before", "after", "loss", "guessing")]
    expect(room.locator("#whose")).to_contain_text("1 line changed")
    edited = Version(apply(experiments.patch_of("square"), ORIGINAL, "")).distribution("ann")
    likeliest = next(iter(edited))
    expect(room.locator(f'#forward-panel tbody data[value="{edited[likeliest]!r}"]')).to_have_count(1)

    card.get_by_role("button", name="Take it back").click()
    expect(room.locator("#whose")).to_contain_text("original")
    expect(card.get_by_role("button", name="Take it back")).to_be_hidden()
    expect(card.locator("summary")).to_contain_text("tried")


def test_what_was_answered_is_remembered_and_what_was_applied_can_be_taken_back_after_a_reload(room):
    card = opened(room, "experiment", "one_head")
    card.get_by_role("radio", name="Not at all.").check()
    card.get_by_role("button", name="Apply and run").click()
    expect(card.locator(".result")).to_contain_text(RIGHT)
    room.reload()
    expect(room.locator("html")).to_have_attribute("data-python", "ready", timeout=90_000)
    room.locator("#edit-open").click()
    card = opened(room, "experiment", "one_head")
    expect(card.locator(".result")).to_contain_text(RIGHT)
    expect(card.get_by_role("radio", name="Not at all.")).to_be_checked()
    card.get_by_role("button", name="Take it back").click()
    expect(card.get_by_role("button", name="Take it back")).to_be_hidden()
    assert room.evaluate("localStorage.getItem('trenchcoat-edit')") is None


def test_an_experiment_that_is_to_fail_says_so_and_an_edit_of_ones_own_comes_back(room):
    editor = room.get_by_role("textbox", name="microgpt.py")
    editor.click()
    room.keyboard.press("ControlOrMeta+Home")
    room.keyboard.type("# mine")
    room.keyboard.press("Enter")
    card = opened(room, "experiment", "large_logits")
    card.get_by_role("radio", name="An error: a number becomes too large.").check()
    card.get_by_role("button", name="Apply and run").click()
    expect(card.locator(".result")).to_contain_text(RIGHT)
    expect(room.locator(".trouble")).to_be_visible()
    card.get_by_role("button", name="Take it back").click()
    expect(room.locator("#whose")).to_contain_text("1 line changed")
    expect(editor).to_contain_text("# mine")


def test_a_challenge_is_tried_helped_with_and_done(room):
    card = opened(room, "challenge", "two_heads")
    said = card.locator(".tried")
    check = card.get_by_role("button", name="Check my file")
    solution = card.get_by_role("button", name="Show me a solution")
    check.click()
    expect(said).to_contain_text("still the original")
    card.get_by_role("button", name="Give me a hint").click()
    expect(card.locator(".hints li")).to_have_count(1)

    other = opened(room, "challenge", "softmax")
    other.get_by_role("button", name="Put the gap into the file").click()
    for _ in range(2):
        other.get_by_role("button", name="Check my file").click()
        expect(other.locator(".tried")).to_contain_text("It does not run yet")
    other.get_by_role("button", name="Show me a solution").click()
    expect(other.locator(".tried")).to_contain_text("one way to do it")

    card = opened(room, "challenge", "two_heads")
    expect(solution).to_be_hidden()
    editor = room.get_by_role("textbox", name="microgpt.py")
    room.evaluate("localStorage.getItem('trenchcoat-edit')")
    editor.click()
    room.keyboard.press("ControlOrMeta+a")
    room.keyboard.insert_text(apply({"n_head = 4  #": "n_head = 1  #"}, ORIGINAL, ""))
    for _ in range(2):
        check.click()
        expect(said).to_contain_text("by this many heads: 1")
    solution.click()
    expect(room.locator("#whose")).to_contain_text("1 line changed")
    check.click()
    expect(said).to_contain_text("Done: at each position attention is worked out twice, for 8 numbers each.")
    expect(card.locator("summary")).to_contain_text("done")
