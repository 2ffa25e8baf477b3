"""The keyboard alone: everything can be reached, in order, seen where it is, and done."""

import pytest
from playwright.sync_api import expect

from e2e import shown

WHAT_HAS_FOCUS = """() => {
  const { activeElement: it } = document;
  return it.getAttribute("aria-label") || it.labels?.[0]?.textContent.trim() || it.textContent.trim();
}"""

# The part of the page where the focus is and where it could be seen: a hidden radio button is seen at its label.
PLACE = """() => {
  const { activeElement: it } = document;
  const { x, y, width, height } = (it.type === "radio" ? it.closest("label") : it).getBoundingClientRect();
  return { x: x - 8, y: y - 8, width: width + 16, height: height + 16 };
}"""


@pytest.fixture
def keys(lesson):
    """The lesson in Forward with the text emma, and the focus in its field."""
    shown.open_link(lesson, "text=emma&seed=2", text="emma")
    shown.wait_for_reading(lesson, "emma")
    shown.text_field(lesson).focus()
    return lesson


def focused(page):
    return page.evaluate(WHAT_HAS_FOCUS)


def tab_until(page, name, key="Tab", at_most=40):
    """Press Tab until what is named has the focus; returns what had it on the way, that included."""
    way = []
    while len(way) < at_most:
        page.keyboard.press(key)
        way.append(focused(page))
        if way[-1] == name:
            return way
    pytest.fail(f"{key} never reached {name}, only {way}")


def is_in_order(names, way):
    rest = iter(way)
    return all(name in rest for name in names)


def test_tab_goes_through_text_presets_modes_positions_and_on(keys):
    way = tab_until(keys, "Show all 27")
    assert is_in_order(["anna", "jacob", "trenchcoat", "empty", "Forward", "position 4, a", "Show all 27"], way)
    assert "Loss" not in way and "position 3, m" not in way  # arrow keys go there


def test_tab_goes_through_all_controls_of_sample(keys):
    shown.open_link(keys, "text=emma&mode=sample&seed=2&draws=1")
    shown.wait_for_draws(keys, 1)
    shown.text_field(keys).focus()
    way = tab_until(keys, "Generate 20")
    controls = ["Sample", "Draw", "Play", "Undo", "Reset", "Seed", "Next seed", "Temperature", "Generate 20"]
    assert is_in_order(controls, way)
    back = tab_until(keys, "Text", key="Shift+Tab")
    assert is_in_order(controls[-2::-1], back)


def test_arrow_keys_move_between_the_modes_and_home_and_end_to_the_first_and_last(keys):
    tab_until(keys, "Forward")
    steps = [
        *(("ArrowRight", "Loss"), ("ArrowRight", "Sample"), ("ArrowRight", "Train"), ("ArrowRight", "Forward")),
        *(("ArrowLeft", "Train"), ("Home", "Forward"), ("End", "Train"), ("ArrowLeft", "Sample")),
    ]
    for key, mode in steps:
        keys.keyboard.press(key)
        tab = keys.get_by_role("tab", name=mode)
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(keys.get_by_role("tabpanel", name=mode)).to_be_visible()
        expect(keys.get_by_role("tabpanel")).to_have_count(1)


@pytest.mark.parametrize("key", ["altKey", "ctrlKey", "metaKey"])
def test_arrow_keys_with_another_key_are_left_to_the_browser(keys, key):
    tab = keys.get_by_role("tab", selected=True)
    before = tab.inner_text()
    press = """(tab, key) =>
      tab.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", cancelable: true, [key]: true }))"""
    assert tab.evaluate(press, key) is True  # nobody took it
    assert keys.get_by_role("tab", selected=True).inner_text() == before


def test_the_whole_loop_by_keyboard_alone(keys, cpython):
    seed = next(s for s in range(2, 1000) if cpython.show("jo", 1, s, [1, 1])["ended"] is None)
    expected = cpython.show("jo", 1, seed, [1, 1])
    press, write = keys.keyboard.press, keys.keyboard.type

    press("Control+A")
    write("jo")  # type
    shown.wait_for_reading(keys, "jo")

    tab_until(keys, "position 2, o")  # look at another position
    press("ArrowLeft")
    shown.wait_for_reading(keys, "j")
    tab_until(keys, "Show all 27")
    press("Enter")
    assert len(shown.bars(keys)) == 27
    assert focused(keys) == "Show the likeliest"
    press("Space")
    assert len(shown.bars(keys)) == 7

    tab_until(keys, "Forward", key="Shift+Tab")  # the loss
    press("ArrowRight")
    shown.wait_for_reading(keys, "j")
    tab_until(keys, "position 1, j")
    press("ArrowRight")
    shown.wait_for_reading(keys, "jo")

    tab_until(keys, "Loss", key="Shift+Tab")  # sample
    press("ArrowRight")
    tab_until(keys, "Seed")
    press("Control+A")
    write(str(seed))
    press("Enter")
    tab_until(keys, "Draw", key="Shift+Tab")
    press("Enter")
    shown.wait_for_draws(keys, 1)
    press("Space")
    shown.wait_for_draws(keys, 2)
    expect(shown.text_field(keys)).to_have_value(expected["text"])
    assert focused(keys) == "Draw"

    tab_until(keys, "Undo")
    press("Enter")
    shown.wait_for_draws(keys, 1)
    tab_until(keys, "Temperature")
    press("End")
    expect(keys.get_by_role("slider", name="Temperature")).to_have_value("2")
    press("ArrowLeft")
    expect(keys.get_by_role("slider", name="Temperature")).to_have_value("1.95")
    tab_until(keys, "Generate 20")
    press("Enter")
    expect(keys.get_by_role("list", name="Generated names").get_by_role("listitem")).to_have_count(20)


def test_the_keyboard_goes_on_from_a_draw_that_ended_the_name(keys, cpython):
    seed = next(s for s in range(1000) if cpython.show("emma", 1, s, [1])["ended"] == "stop")
    shown.open_link(keys, f"text=emma&mode=sample&seed={seed}")
    shown.wait_for_draws(keys, 0)
    keys.get_by_role("button", name="Draw", exact=True).focus()
    keys.keyboard.press("Enter")
    shown.wait_for_draws(keys, 1)
    tab_until(keys, "Undo", at_most=2)
    keys.keyboard.press("Enter")
    shown.wait_for_draws(keys, 0)
    tab_until(keys, "Draw", key="Shift+Tab", at_most=3)


def test_play_is_a_button_that_becomes_pause_under_the_same_finger(keys):
    shown.open_link(keys, "text=&mode=sample&seed=3", text="")
    keys.get_by_role("tabpanel").get_by_role("button", name="Play", exact=True).focus()
    keys.keyboard.press("Space")
    expect(keys.get_by_role("tabpanel").get_by_role("button", name="Pause", exact=True)).to_be_focused()
    keys.keyboard.press("Space")
    expect(keys.get_by_role("tabpanel").get_by_role("button", name="Play", exact=True)).to_be_focused()


@pytest.mark.parametrize("mode, last", [("forward", "Show all 27"), ("loss", "Show all 27"), ("sample", "Generate 20")])
def test_wherever_the_focus_is_it_can_be_seen(keys, mode, last):
    shown.open_link(keys, f"text=emma&mode={mode}&seed=2&draws=1")
    expect(keys.get_by_role("tab", name=mode)).to_have_attribute("aria-selected", "true")
    if mode == "sample":
        shown.wait_for_draws(keys, 1)
    shown.text_field(keys).focus()
    unseen = []
    for _ in range(40):
        keys.evaluate("document.activeElement.scrollIntoView({ block: 'center', behavior: 'instant' })")
        clip = keys.evaluate(PLACE)
        with_focus = keys.screenshot(clip=clip, animations="disabled")
        keys.evaluate("{ window.it = document.activeElement; it.blur(); }")
        without = keys.screenshot(clip=clip, animations="disabled")
        keys.evaluate("it.focus({ preventScroll: true, focusVisible: true })")
        if with_focus == without:
            unseen.append(focused(keys))
        if focused(keys) == last:
            break
        keys.keyboard.press("Tab")
    assert (unseen, focused(keys)) == ([], last)
