"""Forward: the text goes in, and a probability for every possible next character comes out, at any position."""

import math

import pytest
from playwright.sync_api import expect

from e2e import shown


@pytest.fixture
def emma(lesson):
    """Forward with the text emma, its last position chosen."""
    shown.open_link(lesson, "text=emma", text="emma")
    shown.wait_for_reading(lesson, "emma")
    return lesson


def test_the_likeliest_six_have_bars_in_order_and_other_comes_last(emma):
    *few, other = shown.bars(emma)
    values = [bar.p.value for bar in few]
    assert len(few) == 6
    assert values == sorted(values, reverse=True)
    assert other.token == "other"
    assert math.fsum([*values, other.p.value]) == pytest.approx(1, abs=1e-12)


def test_the_tallest_bar_is_named_the_likeliest_and_no_other_is(emma):
    first, *rest = shown.bars(emma)
    assert "likeliest" in first.note
    assert not any("likeliest" in bar.note for bar in rest)


def test_other_says_how_many_it_sums_and_comes_last_even_when_it_is_the_longest(lesson):
    shown.open_link(lesson, "text=", text="")
    shown.wait_for_reading(lesson, "")
    first, *_, other = shown.bars(lesson)
    assert other.p.value > first.p.value
    assert "21" in other.note


def test_all_27_are_shown_on_demand_and_put_away_again(emma):
    before = shown.bars(emma)
    every = shown.panel(emma).get_by_role("button", name="Show all 27")
    expect(every).to_have_attribute("aria-expanded", "false")
    every.click()
    bars = shown.bars(emma)
    assert sorted(bar.token for bar in bars) == sorted([*"abcdefghijklmnopqrstuvwxyz", shown.STOP])
    few = shown.panel(emma).get_by_role("button", name="Show the likeliest")
    expect(few).to_have_attribute("aria-expanded", "true")
    few.click()
    assert shown.bars(emma) == before


def test_the_row_of_input_begins_with_start(emma):
    names = [f"position {i}, {token}" for i, token in enumerate([shown.START, *"emma"])]
    radios = shown.panel(emma).get_by_role("radio")
    expect(radios).to_have_count(5)
    for radio, name in zip(radios.all(), names):
        expect(radio).to_have_accessible_name(name)
    expect(radios.last).to_be_checked()


@pytest.mark.parametrize("i", [0, 2, 3])
def test_a_click_on_a_position_shows_the_distribution_there(emma, cpython, i):
    shown.choose_position(emma, i, "emma")
    expect(shown.position(emma, i)).to_be_checked()
    likeliest = cpython.read("emma")["positions"][i]["candidates"][0]
    assert shown.bars(emma)[0].token == likeliest["token"]
    assert f"position={i}" in emma.url


def test_arrow_keys_walk_through_the_positions(emma):
    shown.position(emma, 4).focus()
    for key, i in [("ArrowLeft", 3), ("ArrowUp", 2), ("ArrowRight", 3), ("ArrowDown", 4), ("ArrowRight", 0)]:
        emma.keyboard.press(key)
        expect(shown.position(emma, i)).to_be_focused()
        shown.wait_for_reading(emma, "emma"[:i])


def test_a_letter_typed_moves_on_to_the_last_position(emma):
    shown.choose_position(emma, 1, "emma")
    shown.text_field(emma).press("End")
    emma.keyboard.type("n")
    shown.wait_for_reading(emma, "emman")
    expect(shown.position(emma, 5)).to_be_checked()
    assert "position" not in emma.url


@pytest.mark.parametrize(
    "preset, text", [("anna", "anna"), ("jacob", "jacob"), ("trenchcoat", "trenchcoat"), ("empty", "")]
)
def test_a_preset_puts_its_text_into_the_field(lesson, preset, text):
    shown.open_link(lesson, "text=x", text="x")
    lesson.get_by_role("group", name="Examples").get_by_role("button", name=preset, exact=True).click()
    expect(shown.text_field(lesson)).to_have_value(text)
    shown.wait_for_reading(lesson, text)


def test_the_empty_text_has_the_one_position_start(lesson):
    shown.open_link(lesson, "text=", text="")
    shown.wait_for_reading(lesson, "")
    expect(shown.panel(lesson).get_by_role("radio")).to_have_count(1)
    assert len(shown.bars(lesson)) == 7


def test_a_screen_reader_hears_the_result_once_as_a_sentence(emma):
    first = shown.bars(emma)[0]
    said = emma.get_by_text(f"After START e m m a: {first.token} {first.p.words}")
    expect(said).to_have_count(1)
    assert said.evaluate("node => node.closest('[aria-live]').getAttribute('aria-live')") == "polite"
