"""Sample: a random number falls, a character is appended, again and again, until STOP or the end of the context."""

import random
import re

import microgpt
import pytest
from playwright.sync_api import expect

from e2e import shown

BETWEEN_DRAWS = 1500  # ms, while playing


def prepare(page):
    """Time in the page passes by itself, and faster when a test says so."""
    page.clock.install()


@pytest.fixture
def sample(lesson):
    """A function that shows Sample in a state, named as the link does."""

    def sample(text="ann", expect_text=None, **state):
        link = "&".join(f"{name}={value}" for name, value in {"text": text, "mode": "sample", **state}.items())
        shown.open_link(lesson, link, text=text if expect_text is None else expect_text)
        expect(seed_field(lesson)).to_have_value(str(state.get("seed", 1)))
        shown.wait_for_draws(lesson, state.get("draws", 0))
        return lesson

    return sample


@pytest.fixture
def seed_where(cpython):
    """A function that finds the first seed for which what is shown after these draws is as asked."""

    def seed_where(text, temperatures, is_so):
        return next(seed for seed in range(10_000) if is_so(cpython.show(text, 1, seed, temperatures)))

    return seed_where


def button(page, name):
    return shown.panel(page).get_by_role("button", name=name, exact=True)


def seed_field(page):
    return page.get_by_role("spinbutton", name="Seed")


def temperature_field(page):
    return page.get_by_role("slider", name="Temperature")


def draw(page, count=1):
    for _ in range(count):
        before = len(shown.draws(page)) if shown.table(page, "Draws").is_visible() else 0
        button(page, "Draw").click()
        shown.wait_for_draws(page, before + 1)


# ---- Draw


def test_a_draw_shows_its_random_number_and_interval_and_appends_its_character(sample, cpython):
    page = sample("ann", seed=5)
    draw(page)
    (drawn,) = shown.draws(page)
    assert drawn.low.value <= drawn.number.value < drawn.high.value
    assert drawn.high.value - drawn.low.value == pytest.approx(drawn.p.value, abs=1e-12)
    assert drawn.token == cpython.draw("ann", 1, 5, 0)["token"]
    expect(shown.text_field(page)).to_have_value("ann" + drawn.token)


def test_the_intervals_of_draws_are_as_the_bars_said_before(sample):
    page = sample("ann", seed=5)
    shares = {bar.token: bar.p.value for bar in shown.bars(page)}
    draw(page)
    (drawn,) = shown.draws(page)
    assert drawn.p.value == shares[drawn.token]


def test_draw_after_draw_builds_a_name(sample, cpython):
    expected = cpython.show("", 1, 3, [1] * 3)
    page = sample("", seed=3)
    draw(page, 3)
    assert [drawn.token for drawn in shown.draws(page)] == [each["token"] for each in expected["draws"]]
    expect(shown.text_field(page)).to_have_value(expected["text"])


def test_draws_asked_for_faster_than_they_are_answered_all_happen(sample, cpython):
    seed = 3
    expected = cpython.show("", 1, seed, [1] * 3)
    page = sample("", seed=seed)
    button(page, "Draw").evaluate("button => { for (let i = 0; i < 3; i++) button.click(); }")
    expect(shown.text_field(page)).to_have_value(expected["text"])
    assert [drawn.token for drawn in shown.draws(page)] == [each["token"] for each in expected["draws"]]


def test_a_draw_from_other_appends_the_character_that_was_hidden(sample, seed_where):
    seed = seed_where("an", [1], lambda shows: shows["draws"][0]["from_other"] and not shows["ended"])
    page = sample("an", seed=seed)
    visible = [bar.token for bar in shown.bars(page)]
    draw(page)
    (drawn,) = shown.draws(page)
    assert "from other" in drawn.note
    assert drawn.token not in visible and len(drawn.token) == 1
    expect(shown.text_field(page)).to_have_value("an" + drawn.token)


def test_stop_ends_the_name_and_says_so(sample, seed_where):
    seed = seed_where("anna", [1], lambda shows: shows["ended"] == "stop")
    page = sample("anna", seed=seed)
    draw(page)
    (drawn,) = shown.draws(page)
    assert drawn.token == shown.STOP
    expect(shown.text_field(page)).to_have_value("anna")
    expect(shown.panel(page).get_by_text("STOP was drawn")).to_be_visible()
    expect(button(page, "Draw")).to_be_disabled()
    expect(button(page, "Play")).to_be_disabled()
    button(page, "Undo").click()
    expect(button(page, "Draw")).to_be_enabled()
    expect(shown.panel(page).get_by_text("STOP was drawn")).to_be_hidden()


def test_sampling_may_go_on_to_the_end_of_the_context_and_says_so(sample, seed_where, cpython):
    draws = [2] * 6
    seed = seed_where("christophe", draws, lambda shows: shows["ended"] == "context")
    text = cpython.show("christophe", 2, seed, draws)["text"]
    page = sample("christophe", expect_text=text[:15], seed=seed, temperature=2, draws=5)
    draw(page)
    expect(shown.text_field(page)).to_have_value(text)
    assert len(text) == 16
    expect(shown.panel(page).get_by_text("16 positions")).to_be_visible()
    expect(button(page, "Draw")).to_be_disabled()
    expect(button(page, "Play")).to_be_disabled()


def test_a_screen_reader_hears_each_draw_as_a_sentence(sample):
    page = sample("ann", seed=5)
    draw(page)
    (drawn,) = shown.draws(page)
    expect(page.get_by_text(f"Drew {drawn.token}, {drawn.p.words}. The text is now ann{drawn.token}.")).to_have_count(1)


def test_before_the_first_draw_a_screen_reader_hears_the_bars_that_are_shown(sample, cpython):
    page = sample("ann", temperature=0.3, position=1)
    best = cpython.show("ann", 0.3, 1, [])["next"]["candidates"][0]
    expect(page.get_by_text(f"After START a n n: {best['token']} {100 * best['p']:.1f}%")).to_have_count(1)


# ---- Undo and Reset


@pytest.fixture
def open_seed(seed_where):
    """A seed whose first draws after "an" do not end the name."""
    return seed_where("an", [1] * 3, lambda shows: not shows["ended"])


def test_undo_takes_back_the_last_draw_and_drawing_again_gives_the_same(sample, open_seed):
    page = sample("an", seed=open_seed)
    draw(page, 2)
    before, text = shown.draws(page), shown.text_field(page).input_value()
    button(page, "Undo").click()
    shown.wait_for_draws(page, 1)
    expect(shown.text_field(page)).to_have_value(text[:-1])
    draw(page)
    assert shown.draws(page) == before
    expect(shown.text_field(page)).to_have_value(text)


def test_reset_takes_back_all_draws_and_leaves_what_was_typed(sample, open_seed):
    page = sample("an", seed=open_seed)
    draw(page, 2)
    button(page, "Reset").click()
    shown.wait_for_draws(page, 0)
    expect(shown.text_field(page)).to_have_value("an")


def test_with_no_draw_there_is_nothing_to_undo_or_reset(sample, open_seed):
    page = sample("an", seed=open_seed)
    expect(button(page, "Undo")).to_be_disabled()
    expect(button(page, "Reset")).to_be_disabled()
    draw(page)
    expect(button(page, "Undo")).to_be_enabled()
    expect(button(page, "Reset")).to_be_enabled()


# ---- Play and Pause


def test_play_draws_until_stop(sample, seed_where, cpython):
    seed = seed_where("", [1] * 16, lambda shows: shows["ended"] == "stop" and len(shows["draws"]) == 5)
    expected = cpython.show("", 1, seed, [1] * 16)
    page = sample("", seed=seed)
    button(page, "Play").click()
    for n in range(1, 6):
        shown.wait_for_draws(page, n)
        page.clock.run_for(BETWEEN_DRAWS)
    expect(shown.text_field(page)).to_have_value(expected["text"])
    expect(button(page, "Play")).to_be_disabled()
    assert shown.draws(page)[-1].token == shown.STOP
    page.clock.run_for(3 * BETWEEN_DRAWS)
    shown.wait_for_draws(page, 5)


def test_pause_ends_playing_and_play_goes_on(sample, seed_where):
    seed = seed_where("", [1] * 4, lambda shows: not shows["ended"])
    page = sample("", seed=seed)
    button(page, "Play").click()
    shown.wait_for_draws(page, 1)
    button(page, "Pause").click()
    page.clock.run_for(5 * BETWEEN_DRAWS)
    expect(button(page, "Play")).to_be_enabled()
    shown.wait_for_draws(page, 1)
    assert "draws=1" in page.url
    button(page, "Play").click()
    shown.wait_for_draws(page, 2)
    button(page, "Pause").click()


def test_playing_ends_when_another_mode_is_chosen(sample, seed_where):
    seed = seed_where("", [1] * 4, lambda shows: not shows["ended"])
    page = sample("", seed=seed)
    button(page, "Play").click()
    shown.wait_for_draws(page, 1)
    shown.choose_mode(page, "Loss")
    page.clock.run_for(5 * BETWEEN_DRAWS)
    shown.choose_mode(page, "Sample")
    expect(button(page, "Play")).to_be_visible()
    shown.wait_for_draws(page, 1)


@pytest.mark.parametrize("name", ["Undo", "Reset"])
def test_playing_ends_when_the_person_takes_draws_back(sample, seed_where, name):
    seed = seed_where("", [1] * 8, lambda shows: not shows["ended"])
    page = sample("", seed=seed)
    button(page, "Play").click()
    shown.wait_for_draws(page, 1)
    button(page, name).click()
    expect(button(page, "Play")).to_be_visible()
    page.clock.run_for(5 * BETWEEN_DRAWS)
    shown.wait_for_draws(page, 0)


def test_playing_ends_when_the_text_is_typed_on(sample, seed_where):
    seed = seed_where("", [1] * 8, lambda shows: not shows["ended"])
    page = sample("", seed=seed)
    button(page, "Play").click()
    shown.wait_for_draws(page, 1)
    page.get_by_role("button", name="anna", exact=True).click()
    expect(button(page, "Play")).to_be_visible()
    page.clock.run_for(5 * BETWEEN_DRAWS)
    expect(shown.text_field(page)).to_have_value("anna")


# ---- Seed


def test_the_same_seed_draws_the_same_and_another_seed_draws_anew(sample, cpython):
    page = sample("", seed=1)
    seed_field(page).fill("77")
    seed_field(page).press("Enter")
    draw(page, 2)
    expected = cpython.show("", 1, 77, [1, 1])
    expect(shown.text_field(page)).to_have_value(expected["text"])
    button(page, "Reset").click()
    shown.wait_for_draws(page, 0)
    draw(page, 2)
    expect(shown.text_field(page)).to_have_value(expected["text"])


def test_another_seed_begins_anew(sample):
    page = sample("ann", seed=5)
    draw(page)
    button(page, "Next seed").click()
    expect(seed_field(page)).to_have_value("6")
    shown.wait_for_draws(page, 0)
    expect(shown.text_field(page)).to_have_value("ann")
    assert "seed=6" in page.url


@pytest.mark.parametrize("wrong", ["", "-1", "1.5", "1000000", "1e9"])
def test_a_seed_that_is_none_is_put_back(sample, wrong):
    page = sample("ann", seed=5)
    draw(page)
    seed_field(page).fill(wrong)
    seed_field(page).press("Enter")
    expect(seed_field(page)).to_have_value("5")
    shown.wait_for_draws(page, 1)
    said = page.get_by_role("alert").filter(has_text="seed")
    expect(said).to_have_text("A seed is a whole number from 0 to 999999, so it stays 5.")
    seed_field(page).press("ArrowUp")
    expect(seed_field(page)).to_have_value("6")
    expect(said).to_be_hidden()


def test_the_wheel_scrolls_the_page_and_leaves_the_seed_and_its_draws(sample):
    page = sample("ann", seed=5)
    draw(page)
    seed_field(page).click()
    before = page.evaluate("scrollY")
    for _ in range(3):
        page.mouse.wheel(0, -40)
    page.wait_for_function("before => scrollY < before", arg=before)
    expect(seed_field(page)).to_have_value("5")
    expect(seed_field(page)).to_be_focused()
    shown.text_field(page).focus()
    shown.wait_for_draws(page, 1)
    seed_field(page).fill("7")
    seed_field(page).press("Enter")
    expect(seed_field(page)).to_have_value("7")
    shown.wait_for_draws(page, 0)


def test_a_seed_can_be_typed_while_draws_are_played(sample, seed_where):
    page = sample("", seed=seed_where("", [1] * 8, lambda shows: not shows["ended"]))
    button(page, "Play").click()
    shown.wait_for_draws(page, 1)
    seed_field(page).fill("4")
    page.clock.run_for(BETWEEN_DRAWS)
    shown.wait_for_draws(page, 2)
    expect(seed_field(page)).to_have_value("4")
    button(page, "Pause").click()


def test_arrow_keys_count_seeds_up_and_down(sample):
    page = sample("ann", seed=5)
    seed_field(page).press("ArrowUp")
    seed_field(page).press("ArrowUp")
    seed_field(page).press("ArrowDown")
    expect(seed_field(page)).to_have_value("6")
    expect(seed_field(page)).to_be_focused()
    assert "seed=6" in page.url


# ---- Temperature


def test_temperature_goes_from_a_tenth_to_two_and_begins_at_one(sample):
    page = sample("ann")
    field = temperature_field(page)
    expect(field).to_have_value("1")
    assert (field.get_attribute("min"), field.get_attribute("max")) == ("0.1", "2")
    field.press("Home")
    expect(field).to_have_value("0.1")
    assert "temperature=0.1" in page.url
    field.press("End")
    expect(field).to_have_value("2")
    assert "temperature=2" in page.url


@pytest.mark.parametrize("asked, nearest", [(1.33, 1.35), (0.1499, 0.15), (0.7, 0.7)])
def test_a_temperature_between_two_of_the_sliders_is_the_nearest_of_them(sample, cpython, asked, nearest):
    expected = cpython.show("ann", nearest, 1, [nearest])
    page = sample("ann", expected["text"], temperature=asked, draws=1)
    expect(temperature_field(page)).to_have_value(str(nearest))
    said = shown.panel(page).locator(".field").filter(has=temperature_field(page)).locator("data")
    assert shown.number(said) == (nearest, f"{nearest:.2f}")
    drawn = shown.table(page, "Draws").locator("tbody data").last
    expect(drawn).to_have_attribute("value", re.compile(f"^{expected['draws'][0]['p']:.10f}"[:10]))
    assert shown.draws(page)[0].p.value == pytest.approx(expected["draws"][0]["p"], abs=1e-12)


def test_at_temperature_one_sample_has_the_bars_of_forward(sample):
    page = sample("ann")
    bars = shown.bars(page)
    shown.choose_mode(page, "Forward")
    shown.wait_for_reading(page, "ann")
    assert shown.bars(page) == bars


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2])
def test_the_bars_are_those_at_the_temperature(sample, cpython, temperature):
    page = sample("ann", temperature=1)
    top = shown.bars(page)[0]
    temperature_field(page).fill(str(temperature))
    expected = cpython.read("ann", temperature)["next"]["candidates"][0]
    expect(shown.table(page, "Next-character probabilities").locator("data").first).not_to_have_text(top.p.words)
    sharpened = shown.bars(page)[0]
    assert sharpened.token == expected["token"]
    assert sharpened.p.value == pytest.approx(expected["p"], abs=1e-12)
    assert (sharpened.p.value > top.p.value) == (temperature < 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_low_temperature_draws_the_likeliest(sample, cpython, seed):
    page = sample("eliz", temperature=0.1, seed=seed)
    draw(page)
    likeliest = cpython.read("eliz")["next"]["candidates"][0]["token"]
    assert shown.draws(page)[0].token == likeliest


def test_another_temperature_leaves_the_draws_that_were_made(sample, cpython):
    page = sample("", seed=3)
    draw(page)
    (first,) = shown.draws(page)
    temperature_field(page).fill("0.3")
    draw(page)
    assert shown.draws(page)[0] == first
    expected = cpython.show("", 0.3, 3, [1, 0.3])
    assert [drawn.p.value for drawn in shown.draws(page)] == pytest.approx(
        [each["p"] for each in expected["draws"]], abs=1e-12
    )


# ---- Generate 20


@pytest.fixture
def names(cpython):
    """A function that generates here what the page should list."""

    def names(seed, temperature=1):
        rng = random.Random(seed)
        generated = [microgpt.generate(cpython.weights, cpython.vocabulary, temperature, rng) for _ in range(20)]
        return [name or "(STOP at once)" for name in generated]

    return names


def generated(page):
    return page.get_by_role("list", name="Generated names").get_by_role("listitem")


def test_generate_20_leaves_the_text_and_its_draws(sample, names):
    page = sample("ann", seed=4)
    draw(page)
    text = shown.text_field(page).input_value()
    button(page, "Generate 20").click()
    expect(generated(page)).to_have_text(names(4))
    expect(shown.text_field(page)).to_have_value(text)
    shown.wait_for_draws(page, 1)


def test_generate_20_pressed_again_for_another_seed_lists_the_names_of_that_one(sample, names):
    page = sample("ann", seed=7)
    for name in ("Generate 20", "Generate 20", "Next seed", "Generate 20"):
        button(page, name).evaluate("button => button.click()")  # faster than Python
    expect(generated(page)).to_have_text(names(8))


@pytest.mark.parametrize("link", ["seed=5", "seed=4&temperature=0.5"])
def test_names_of_another_seed_or_temperature_are_put_away(sample, names, link):
    page = sample("ann", seed=4)
    button(page, "Generate 20").click()
    expect(generated(page)).to_have_text(names(4))
    shown.open_link(page, f"text=ann&mode=sample&{link}")
    expect(generated(page)).to_have_count(0)
