"""The reader's own text plays: START and letter after letter goes in; in Loss column after column, the average last."""

import re

import pytest
from playwright.sync_api import expect

from e2e import shown

PACE = 2200  # ms from one moment to the next


def prepare(page):
    """Time in the page passes by itself, and faster when a test says so; and things move."""
    page.clock.install()
    page.emulate_media(reduced_motion="no-preference")


@pytest.fixture
def playing(lesson):
    """A function that shows a text in Forward or Loss."""

    def playing(text, mode="forward"):
        shown.open_link(lesson, f"text={text}&mode={mode}", text=text)
        shown.wait_for_reading(lesson, text)
        return lesson

    return playing


def control(page, name):
    return shown.panel(page).get_by_role("button", name=name)


def watch(page):
    return control(page, "Watch the text go in")


def pause(page):
    return control(page, "Pause watching")


def scrub(page):
    return shown.panel(page).get_by_role("slider", name="Moment")


def sentence(page):
    """What the panel says is seen now."""
    return shown.panel(page).locator(".moment")


def columns(page):
    """The columns of Loss that can be seen."""
    return shown.panel(page).get_by_role("radio")


def average(page):
    return shown.panel(page).get_by_role("paragraph").filter(has_text="Average loss")


def likeliest(position):
    return position["candidates"][0]["p"]


# ---- Forward


def test_in_forward_a_moment_is_a_position(playing, cpython):
    page = playing("emma")
    positions = cpython.read("emma")["positions"]
    expect(scrub(page)).to_have_value("4")
    scrub(page).fill("1")
    shown.wait_for_reading(page, "e")
    expect(shown.position(page, 1)).to_be_checked()
    assert "position=1" in page.url
    assert shown.bars(page)[0].p.value == pytest.approx(likeliest(positions[1]), abs=1e-12)
    shown.choose_position(page, 3, "emma")
    expect(scrub(page)).to_have_value("3")
    assert shown.bars(page)[0].p.value == pytest.approx(likeliest(positions[3]), abs=1e-12)


def test_steps_lead_back_to_start_and_on_to_the_end(playing):
    page = playing("mia")
    for i in (2, 1, 0):
        control(page, "One step back").click()
        shown.wait_for_reading(page, "mia"[:i])
    expect(control(page, "One step back")).to_be_disabled()
    for i in (1, 2, 3):
        control(page, "One step on").click()
        shown.wait_for_reading(page, "mia"[:i])
    expect(control(page, "One step on")).to_be_disabled()
    assert "position" not in page.url


def test_each_moment_is_said_with_the_numbers_of_the_bars(playing):
    page = playing("mia")
    for i, token in enumerate([shown.START, *"mia"]):
        scrub(page).fill(str(i))
        shown.wait_for_reading(page, "mia"[:i])
        first = shown.bars(page)[0]
        expect(sentence(page)).to_contain_text(re.compile(f"{token} goes in.*{first.token}, with {first.p.words}"))


def test_watching_goes_from_start_to_the_end_and_is_one_step_back(playing):
    page = playing("mia")
    watch(page).click()
    for i in range(4):
        shown.wait_for_reading(page, "mia"[:i])
        if i < 3:
            expect(pause(page)).to_be_visible()
            page.clock.run_for(PACE)
    expect(watch(page)).to_be_visible()
    page.clock.run_for(3 * PACE)
    shown.wait_for_reading(page, "mia")
    playing("emma")
    watch(page).click()
    page.clock.run_for(2 * PACE)
    shown.wait_for_reading(page, "em")
    page.go_back()
    shown.wait_for_reading(page, "emma")


def test_pausing_leaves_the_moment_and_watching_goes_on_from_it(playing):
    page = playing("emma")
    watch(page).click()
    page.clock.run_for(PACE)
    shown.wait_for_reading(page, "e")
    pause(page).click()
    page.clock.run_for(3 * PACE)
    shown.wait_for_reading(page, "e")
    watch(page).click()
    shown.wait_for_reading(page, "em")
    pause(page).click()


def test_the_empty_text_has_one_moment_in_forward_and_two_in_loss(playing):
    page = playing("")
    expect(watch(page)).to_be_disabled()
    shown.choose_mode(page, "Loss")
    expect(scrub(page)).to_have_attribute("max", "1")
    scrub(page).fill("0")
    expect(average(page)).to_have_count(0)
    control(page, "One step on").click()
    expect(average(page)).to_be_visible()


# ---- Loss


def test_in_loss_column_after_column_is_marked_and_explained_and_the_average_comes_last(playing, cpython):
    page = playing("aria", "loss")
    before = shown.columns(page)
    positions = cpython.read("aria")["positions"]
    scrub(page).fill("0")
    for i, position in enumerate(positions):
        expect(columns(page)).to_have_count(i + 1)
        expect(shown.position(page, i)).to_be_checked()
        expect(average(page)).to_have_count(0)
        shown.wait_for_reading(page, "aria"[:i])
        nll = shown.columns(page)[i].nll
        assert nll.value == pytest.approx(position["nll"], abs=1e-12)
        expect(sentence(page)).to_contain_text(f"the loss here is {nll.words}")
        control(page, "One step on").click()
    expect(average(page)).to_be_visible()
    expect(sentence(page)).to_contain_text(f"average over all 5 positions is {shown.average(page).words}")
    expect(control(page, "One step on")).to_be_disabled()
    assert shown.columns(page) == before


def test_a_column_that_is_chosen_shows_all_columns_again(playing):
    page = playing("emma", "loss")
    scrub(page).fill("2")
    expect(columns(page)).to_have_count(3)
    shown.choose_position(page, 0, "emma")
    expect(columns(page)).to_have_count(5)
    expect(average(page)).to_be_visible()


def test_watching_the_loss_ends_with_the_average(playing):
    page = playing("mia", "loss")
    watch(page).click()
    for i in range(4):
        expect(columns(page)).to_have_count(i + 1)
        page.clock.run_for(PACE)
    expect(average(page)).to_be_visible()
    expect(watch(page)).to_be_visible()


# ---- What ends watching


@pytest.mark.parametrize("mode", ["forward", "loss"])
def test_another_text_ends_watching(playing, mode):
    page = playing("emma", mode)
    watch(page).click()
    shown.wait_for_reading(page, "")
    shown.write(page, "mia")
    expect(watch(page)).to_be_visible()
    expect(columns(page)).to_have_count(4)
    page.clock.run_for(3 * PACE)
    shown.wait_for_reading(page, "mia")


def test_another_mode_ends_watching(playing):
    page = playing("emma")
    watch(page).click()
    shown.wait_for_reading(page, "")
    shown.choose_mode(page, "Loss")
    page.clock.run_for(3 * PACE)
    shown.wait_for_reading(page, "")
    shown.choose_mode(page, "Forward")
    expect(watch(page)).to_be_visible()


@pytest.mark.parametrize("mode", ["forward", "loss"])
def test_a_position_that_is_chosen_ends_watching(playing, mode):
    page = playing("emma", mode)
    watch(page).click()
    page.clock.run_for(2 * PACE)
    shown.wait_for_reading(page, "em")
    shown.choose_position(page, 1, "emma")
    expect(watch(page)).to_be_visible()
    page.clock.run_for(3 * PACE)
    shown.wait_for_reading(page, "e")


def test_watching_ends_when_the_panel_leaves_the_view_and_never_begins_by_itself(playing):
    page = playing("emma")
    watch(page).click()
    shown.wait_for_reading(page, "")
    page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    expect(page.get_by_label("Watch the text go in")).to_have_count(2)  # Forward's and Loss's
    shown.panel(page).scroll_into_view_if_needed()
    page.clock.run_for(3 * PACE)
    shown.wait_for_reading(page, "")


# ---- For everybody


def test_while_one_watches_no_moment_is_called_out(playing):
    page = playing("emma")
    expect(page.locator("#live-region")).to_have_text(re.compile("^After START e m m a:"))
    watch(page).click()
    for i in range(4):
        shown.wait_for_reading(page, "emma"[:i])
        page.clock.run_for(1000)
        expect(page.locator("#live-region")).to_have_text(re.compile("^After START e m m a:"))
        page.clock.run_for(PACE - 1000)
    scrub(page).fill("1")
    expect(page.locator("#live-region")).to_have_text(re.compile("^After START e:"))


def test_with_reduced_motion_it_steps_and_nothing_moves(playing):
    page = playing("emma")
    page.emulate_media(reduced_motion="reduce")
    try:
        control(page, "One step back").click()
        control(page, "One step on").click()
        shown.wait_for_reading(page, "emma")
        assert shown.panel(page).evaluate("panel => panel.getAnimations({ subtree: true }).length") == 0
    finally:
        page.emulate_media(reduced_motion="no-preference")


def test_a_step_on_moves_the_letter_that_goes_in_and_typing_does_not(playing):
    page = playing("emma")
    control(page, "One step back").click()
    control(page, "One step on").click()
    arriving = shown.panel(page).locator(".entering .token.chosen")
    expect(arriving).to_have_count(1)
    shown.text_field(page).press("End")
    page.keyboard.type("n")
    shown.wait_for_reading(page, "emman")
    expect(arriving).to_have_count(0)


@pytest.mark.parametrize("mode", ["Forward", "Loss", "Sample"])
def test_each_mode_has_one_sentence_on_what_is_seen(playing, mode):
    page = playing("emma")
    shown.choose_mode(page, mode)
    expect(sentence(page)).to_have_count(1)
    expect(sentence(page)).to_have_text(re.compile(r"\w.*\."))


def test_the_sentence_of_sample_tells_of_the_line_and_then_of_the_last_draw(lesson):
    shown.open_link(lesson, "#text=&mode=sample&seed=44")
    shown.wait_for_draws(lesson, 0)
    expect(sentence(lesson)).to_contain_text("what may come after START")
    shown.open_link(lesson, "#text=&mode=sample&seed=44&draws=3", "set")
    shown.wait_for_draws(lesson, 3)
    last = shown.draws(lesson)[-1]
    expect(sentence(lesson)).to_contain_text(f"{last.number.words} fell on other.")
    expect(sentence(lesson)).to_contain_text(f"{last.token} that lay there, with {last.p.words}")
