"""Loss: every position against what truly came next, one column each, and their average beside guessing."""

import math

import pytest
from playwright.sync_api import expect

from e2e import shown


@pytest.fixture
def losses(lesson):
    """A function that shows the loss of a text."""

    def losses(text):
        shown.open_link(lesson, f"text={text}&mode=loss", text=text)
        shown.wait_for_reading(lesson, text)
        return lesson

    return losses


def formula(page):
    return shown.panel(page).get_by_role("paragraph").filter(has_text="−log p(")


def test_columns_run_from_start_to_stop(losses):
    columns = shown.columns(losses("emma"))
    assert [column.position for column in columns] == [
        "position 0, START",
        "position 1, e",
        "position 2, m",
        "position 3, m",
        "position 4, a",
    ]
    assert [column.true for column in columns] == [*"emma", shown.STOP]


def test_the_empty_text_has_one_column_from_start_to_stop(losses):
    (column,) = shown.columns(losses(""))
    assert (column.position, column.true) == ("position 0, START", shown.STOP)


def test_a_text_that_fills_the_context_has_no_column_for_stop(lesson, cpython):
    seed, text = next(
        (seed, cpython.show("christophe", 2, seed, [2] * 6)["text"])
        for seed in range(1000)
        if cpython.show("christophe", 2, seed, [2] * 6)["ended"] == "context"
    )
    shown.open_link(lesson, f"text=christophe&mode=loss&temperature=2&seed={seed}&draws=6", text=text)
    shown.wait_for_reading(lesson, text[:15])
    columns = shown.columns(lesson)
    assert len(columns) == 16
    assert [column.true for column in columns] == list(text)


@pytest.mark.parametrize("text", ["anna", "emma", "aria", "zzzz"])
def test_a_check_stands_where_the_top_guess_is_the_truth_and_a_cross_where_not(losses, text):
    columns = shown.columns(losses(text))
    assert [column.mark for column in columns] == ["right" if c.guess == c.true else "wrong" for c in columns]


def test_check_and_cross_are_different_shapes_not_only_colours(losses):
    marks = shown.panel(losses("aria")).get_by_role("img")
    shapes = {mark.get_attribute("aria-label"): mark.inner_text() for mark in marks.all()}
    assert shapes.keys() == {"right", "wrong"}
    assert shapes["right"].strip() != shapes["wrong"].strip()


def test_the_loss_of_a_column_is_minus_log_of_its_probability(losses):
    for column in shown.columns(losses("jacob")):
        assert column.nll.value == pytest.approx(-math.log(column.p_true.value), abs=1e-12)


def test_the_average_is_that_of_the_columns_and_stands_beside_the_loss_of_guessing(losses):
    page = losses("jacob")
    values = [column.nll.value for column in shown.columns(page)]
    assert shown.average(page).value == pytest.approx(math.fsum(values) / len(values), abs=1e-12)
    line = shown.panel(page).get_by_role("paragraph").filter(has_text="Average loss")
    expect(line).to_contain_text("ln 27 = 3.296")
    assert shown.number(line.locator("data").last).value == math.log(27)


@pytest.mark.parametrize("i, true", [(4, shown.STOP), (0, "e"), (2, "m")])
def test_the_formula_has_the_numbers_of_the_chosen_position(losses, i, true):
    page = losses("emma")
    shown.choose_position(page, i, "emma")
    expect(formula(page)).to_contain_text(f"−log p({true})")
    p, nll = (shown.number(data) for data in formula(page).locator("data").all())
    column = shown.columns(page)[i]
    assert (p.value, nll.value) == (column.p_true.value, column.nll.value)


def test_the_bar_of_the_truth_is_pointed_out(losses):
    page = losses("emma")
    for i, true in enumerate([*"emma", shown.STOP]):
        shown.choose_position(page, i, "emma")
        (pointed_out,) = [bar for bar in shown.bars(page) if "true next" in bar.note]
        assert pointed_out.token == true or (pointed_out.token == "other" and true in pointed_out.note)


def test_a_truth_that_hides_in_other_is_pointed_out_there(losses):
    page = losses("zzzz")
    shown.choose_position(page, 0, "zzzz")
    other = shown.bars(page)[-1]
    assert other.token == "other" and "true next: z" in other.note


def test_arrow_keys_walk_through_the_columns(losses):
    page = losses("emma")
    shown.position(page, 4).focus()
    for key, i in [("ArrowLeft", 3), ("ArrowLeft", 2), ("ArrowRight", 3)]:
        page.keyboard.press(key)
        expect(shown.position(page, i)).to_be_focused()
        shown.wait_for_reading(page, "emma"[:i])


def test_forward_and_loss_look_at_the_same_text_and_position(losses):
    page = losses("emma")
    shown.choose_position(page, 1, "emma")
    there = {bar.token: bar.p.value for bar in shown.bars(page)}
    shown.choose_mode(page, "Forward")
    shown.wait_for_reading(page, "e")
    assert {bar.token: bar.p.value for bar in shown.bars(page)} == there
    expect(shown.position(page, 1)).to_be_checked()


def test_a_letter_typed_adds_a_column(losses):
    page = losses("ann")
    assert len(shown.columns(page)) == 4
    shown.text_field(page).press("End")
    page.keyboard.type("a")
    shown.wait_for_reading(page, "anna")
    assert [column.true for column in shown.columns(page)] == [*"anna", shown.STOP]


@pytest.mark.parametrize("text", ["anna", "zzzzzzzzzz"])
def test_the_average_is_told_as_a_die_and_the_whole_name_as_tries(losses, cpython, text):
    panel = losses(text).locator("#loss-panel")
    read = cpython.read(text)
    told = panel.locator(".player data").evaluate_all("all => all.map(data => Number(data.value))")
    assert told == [read["mean_nll"], read["perplexity"]]
    tries = panel.locator(".odds data")
    assert float(tries.get_attribute("value")) == read["tries"]
    power = str(round(math.log10(read["tries"]))).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    expect(tries).to_have_text(f"{read['tries']:,.0f}" if text == "anna" else f"10{power}")
    expect(panel.locator(".odds .inline-token")).to_have_text([*text])


def test_nothing_is_said_of_tries_for_the_empty_text(losses):
    expect(losses("").locator(".odds")).to_be_hidden()
