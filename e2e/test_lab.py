"""Experiments and challenges, beside the editor: foreseen, applied, seen, taken back; changed, tried, and done."""

import pytest
from playwright.sync_api import expect

from building import experiments
from building.experiments import MODEL, Version, apply
from e2e import shown
from e2e.test_edit import put

ORIGINAL = MODEL.read_text(encoding="utf-8")
BUILT = {experiment["id"]: experiment for experiment in experiments.build()}
RIGHT, OTHERWISE = "That is what happens.", "It comes out otherwise:"


@pytest.fixture
def room(lesson):
    """The page with the editor open, the original in it, and a text to look at."""
    open_editor(lesson)
    restore = lesson.locator("#edit").get_by_role("button", name="Restore", exact=True)
    if restore.is_enabled():
        restore.click()
    shown.write(lesson, "ann")
    return lesson


def open_editor(page):
    if not page.locator("#edit").is_visible():
        page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_role("textbox", name="microgpt.py", exact=True)).to_be_visible()


def opened(page, part, name):
    details = page.locator(f"#{part}s")
    if details.get_attribute("open") is None:
        details.locator("> summary").click()
    card = page.locator(f"#{part}-{name}")
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    return card


def test_an_experiment_is_foreseen_applied_seen_remembered_and_taken_back(room, boot):
    card = opened(room, "experiment", "square")
    card.get_by_role("radio", name="It is less sure.").check()
    card.get_by_role("button", name="Apply and run").click()
    result = card.locator(".result")
    expect(result).to_contain_text(OTHERWISE)
    expect(result).to_contain_text("It is surer.")
    values = BUILT["square"]["values"]
    numbers = result.locator("data").evaluate_all("all => all.map((each) => Number(each.value))")
    assert numbers == [values[name] for name in ("before", "after", "loss", "guessing")]
    expect(room.locator("#whose")).to_contain_text("1 line changed")
    edited = Version(apply(experiments.patch_of("square"), ORIGINAL, "")).distribution("ann")
    rows = {row["header"]: row["numbers"][0].value for row in shown.rows(room, "Next-character probabilities")}
    likeliest = next(iter(edited))
    assert rows[likeliest] == pytest.approx(edited[likeliest], abs=1e-12)

    room.reload()
    boot(room)
    open_editor(room)
    card = opened(room, "experiment", "square")
    expect(card.locator("summary")).to_contain_text("tried")
    expect(card.get_by_role("radio", name="It is less sure.")).to_be_checked()
    card.get_by_role("button", name="Take it back").click()
    expect(card.get_by_role("button", name="Take it back")).to_be_hidden()
    expect(room.locator("#edit [role=status]").first).to_contain_text("This is the original")
    assert room.evaluate("localStorage.getItem('trenchcoat-edit')") is None


def test_one_that_is_to_fail_does_and_an_edit_of_ones_own_comes_back(room):
    editor = room.get_by_role("textbox", name="microgpt.py", exact=True)
    editor.focus()
    room.keyboard.press("ControlOrMeta+Home")
    room.keyboard.type("# mine")
    room.keyboard.press("Enter")
    card = opened(room, "experiment", "large_logits")
    card.get_by_role("radio", name="An error: a number becomes too large.").check()
    card.get_by_role("button", name="Apply and run").click()
    expect(card.locator(".result")).to_contain_text(RIGHT)
    expect(room.locator(".trouble")).to_contain_text("A number becomes too large")
    card.get_by_role("button", name="Take it back").click()
    expect(room.locator("#whose")).to_contain_text("1 line changed")
    expect(room.locator(".trouble")).to_be_hidden()
    room.keyboard.press("ControlOrMeta+Home")
    expect(editor).to_contain_text("# mine")


def test_a_challenge_is_tried_helped_with_and_done(room):
    other = opened(room, "challenge", "softmax")
    other.get_by_role("button", name="Put the gap into the file").click()
    expect(room.locator(".trouble")).to_contain_text("This is still to be written")
    other.get_by_role("button", name="Check my file").click()
    expect(other.locator(".tried")).to_contain_text("It does not run yet")
    other.get_by_role("button", name="Take it back").click()

    card = opened(room, "challenge", "two_heads")
    tried = card.locator(".tried")
    check = card.get_by_role("button", name="Check my file")
    solution = card.get_by_role("button", name="Show me a solution")
    check.click()
    expect(tried).to_contain_text("still the original")
    card.get_by_role("button", name="Give me a hint").click()
    expect(card.locator(".hints li")).to_have_count(1)
    put(room, apply({"n_head = 4  #": "n_head = 1  #"}, ORIGINAL, ""))
    for _ in range(2):
        expect(solution).to_be_hidden()
        check.click()
        expect(check).to_be_enabled()
        expect(tried).to_contain_text("by this many heads: 1")
    solution.click()
    expect(tried).to_contain_text("one way to do it")
    expect(room.locator("#whose")).to_contain_text("1 line changed")
    check.click()
    expect(tried).to_contain_text("Done: at each position attention is worked out twice, for 8 numbers each.")
    expect(card.locator("summary")).to_contain_text("done")
