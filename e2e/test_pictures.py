"""The pictures fit their place: no label is cut, nothing sticks out, and bars have an axis that ends at a label."""

import pytest
from playwright.sync_api import expect

from e2e import shown

# Labels on lines from 0 to 1 that can be seen, and whether each is seen whole.
LABELS = """lines => lines.flatMap(line => [...line.querySelectorAll(".segment")].map(segment => {
  const [box, label] = [segment, segment.firstElementChild].map(each => each.getBoundingClientRect());
  const text = document.createRange();
  text.selectNodeContents(segment.firstElementChild);
  const { left, right } = text.getBoundingClientRect();
  const seen = label.top < box.bottom - 1 && label.bottom > box.top + 1;
  return { text: segment.textContent, seen, whole: left >= box.left - 0.5 && right <= box.right + 0.5 };
}))"""

# What reaches beyond the content of the node it stands in, but for what scrolls or is a mark on a line.
STICKING_OUT = """node => {
  const { left, right } = node.getBoundingClientRect();
  const { paddingLeft, paddingRight } = getComputedStyle(node);
  return [...node.querySelectorAll("*")]
    .filter(each => each.checkVisibility() && !each.closest(".scroll, .listing, .sr-only, .marker, .axis, .segment"))
    .filter(each => {
      const box = each.getBoundingClientRect();
      return box.left < left + parseFloat(paddingLeft) - 1 || box.right > right - parseFloat(paddingRight) + 1;
    })
    .map(each => each.outerHTML.slice(0, 120));
}"""

MODES = ["forward", "loss", "sample"]


@pytest.fixture
def fixed(lesson):
    """The lesson, as wide as it was, afterwards."""
    yield lesson
    lesson.set_viewport_size({"width": 1280, "height": 720})


def show(page, mode):
    if mode == "sample":
        shown.open_link(page, "text=&mode=sample&seed=44&draws=3", text="set")
        shown.wait_for_draws(page, 3)
    else:
        shown.open_link(page, f"text=christophe&mode={mode}", text="christophe")
        shown.wait_for_reading(page, "christophe")


# ---- Labels on the line


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("link", ["text=anna&seed=4", "text=&seed=44", "text=&seed=44&draws=3", "text=maria"])
def test_no_label_on_the_line_is_cut(fixed, width, link):
    fixed.set_viewport_size({"width": width, "height": 740})
    shown.open_link(fixed, f"{link}&mode=sample")
    shown.wait_for_draws(fixed, 3 if "draws" in link else 0)
    labels = shown.panel(fixed).locator(".strip .line").evaluate_all(LABELS)
    assert [label for label in labels if label["seen"] and not label["whole"]] == []
    assert any(label["seen"] for label in labels)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_label_in_the_sample_clip_is_cut_at_any_moment(fixed, width):
    fixed.set_viewport_size({"width": width, "height": 740})
    figure = fixed.locator("[data-clip=sample]")
    scrub = figure.get_by_role("slider", name="Moment")
    for moment in range(int(scrub.get_attribute("max")) + 1):
        scrub.fill(str(moment))
        labels = figure.locator(".line").evaluate_all(LABELS)
        assert [label for label in labels if label["seen"] and not label["whole"]] == []


def test_a_label_with_room_is_shown(fixed):
    shown.open_link(fixed, "text=soy&mode=sample", text="soy")
    expect(shown.panel(fixed).locator(".moment")).to_contain_text("START s o y")
    labels = shown.panel(fixed).locator(".strip .line").first.evaluate_all(LABELS)
    assert {"a", "l", "other"} <= {label["text"] for label in labels if label["seen"]}


def test_a_closer_look_shows_what_hides_in_other_before_a_draw_falls_there(fixed):
    shown.open_link(fixed, "text=soy&mode=sample", text="soy")
    expect(shown.panel(fixed).locator(".moment")).to_contain_text("START s o y")
    line, closer = shown.panel(fixed).locator(".strip .line").all()
    few = line.locator(".segment").all_text_contents()
    hidden = closer.locator(".segment").all_text_contents()
    assert few[-1] == "other"
    assert sorted([*few[:-1], *hidden]) == sorted([*"abcdefghijklmnopqrstuvwxyz", shown.STOP])
    expect(closer).to_be_visible()


# ---- The place


@pytest.mark.parametrize("mode", MODES)
def test_nothing_in_the_sandbox_sticks_out_at_320_pixels(fixed, mode):
    fixed.set_viewport_size({"width": 320, "height": 640})
    show(fixed, mode)
    assert fixed.locator("#sandbox").evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("width", [320, 640, 900])
@pytest.mark.parametrize("mode", MODES)
def test_the_picture_follows_the_width_of_its_place_and_not_of_the_window(fixed, mode, width):
    show(fixed, mode)
    fixed.evaluate("width => { document.querySelector('#sandbox').style.width = `${width}px`; }", width)
    try:
        assert fixed.locator("#sandbox").evaluate(STICKING_OUT) == []
    finally:
        fixed.evaluate("document.querySelector('#sandbox').style.width = ''")


@pytest.mark.parametrize("width", [320, 480, 600, 640, 760, 900, 1122])
def test_every_column_of_ten_letters_is_seen_without_scrolling(fixed, width):
    show(fixed, "loss")
    fixed.evaluate("width => { document.querySelector('#sandbox').style.width = `${width}px`; }", width)
    try:
        scroller = shown.table(fixed, "Loss at each position").locator("..")
        assert scroller.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    finally:
        fixed.evaluate("document.querySelector('#sandbox').style.width = ''")


@pytest.mark.parametrize("width", [600, 1280])
@pytest.mark.parametrize("mode", MODES)
def test_beside_the_text_no_panel_is_squeezed(fixed, mode, width):
    fixed.set_viewport_size({"width": width, "height": 800})
    fixed.locator(f"a.try[href*='mode={mode}']").first.click()
    expect(fixed.locator("html[data-beside]")).to_be_attached()
    try:
        assert shown.panel(fixed).evaluate("panel => panel.scrollHeight - panel.clientHeight") <= 1
    finally:
        fixed.keyboard.press("Escape")


@pytest.mark.parametrize("kind", MODES)
@pytest.mark.parametrize("width", [320, 600, 1280])
def test_nothing_in_a_clip_sticks_out(fixed, kind, width):
    fixed.set_viewport_size({"width": width, "height": 740})
    assert fixed.locator(f"[data-clip={kind}]").evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("kind", MODES)
def test_a_clip_in_a_column_of_600_pixels_is_not_higher_than_a_screen(fixed, kind):
    fixed.set_viewport_size({"width": 600, "height": 800})
    assert fixed.locator(f"[data-clip={kind}]").bounding_box()["height"] <= 700


# ---- The axis


def axis(place):
    """The labels of the axis of bars, in order."""
    return place.locator(".axis span").all_text_contents()


def end_of_axis(page):
    return int(axis(shown.panel(page))[-1].removesuffix("%"))


@pytest.mark.parametrize("mode", MODES)
def test_bars_are_as_long_as_the_labels_of_their_axis_say(fixed, mode):
    show(fixed, mode)
    shares = shown.table(fixed, "Next-character probabilities").evaluate(
        """table => [...table.querySelectorAll("tr")].map(row => {
          const [track, fill] = [".track", ".fill"].map(name => row.querySelector(name).getBoundingClientRect());
          return [fill.width / track.width, Number(row.querySelector("data").value)];
        })"""
    )
    end = end_of_axis(fixed) / 100
    assert len(shares) == 7
    for length, p in shares:
        assert length * end == pytest.approx(p, abs=0.005)


def test_the_axis_ends_at_the_first_quarter_that_the_longest_bar_fits_under(fixed, cpython):
    for text in ("ann", "q", ""):
        shown.open_link(fixed, "text=zz", text="zz")
        shown.open_link(fixed, f"text={text}", text=text)
        shown.wait_for_reading(fixed, text)
        positions = cpython.read(text)["positions"]
        longest = max(max(each["candidates"][0]["p"], each["other"]["p"]) for each in positions)
        assert end_of_axis(fixed) == next(end for end in (25, 50, 75, 100) if longest <= end / 100)


def test_the_axis_does_not_shrink_while_one_types_and_begins_anew_with_another_text(fixed):
    shown.write(fixed, "")
    shown.write(fixed, "a")
    low = end_of_axis(fixed)
    shown.write(fixed, "aq")
    high = end_of_axis(fixed)
    assert low < high
    for text in ("a", "an", "anna"):
        shown.write(fixed, text)
        assert end_of_axis(fixed) == high
    shown.write(fixed, "")
    assert end_of_axis(fixed) < high
    shown.write(fixed, "aq")
    fixed.get_by_role("button", name="anna", exact=True).click()
    shown.wait_for_reading(fixed, "anna")
    assert end_of_axis(fixed) < high


@pytest.mark.parametrize("mode", ["forward", "loss"])
def test_all_positions_of_a_text_have_one_axis(fixed, mode):
    show(fixed, mode)
    before = axis(shown.panel(fixed))
    for i in (0, 3, 7):
        shown.choose_position(fixed, i, "christophe")
        assert axis(shown.panel(fixed)) == before


@pytest.mark.parametrize("kind", ["forward", "sample"])
def test_all_moments_of_a_clip_have_one_axis(fixed, kind):
    figure = fixed.locator(f"[data-clip={kind}]")
    before = axis(figure)
    assert before[0] == "0" and before[-1].endswith("%")
    scrub = figure.get_by_role("slider", name="Moment")
    for moment in range(int(scrub.get_attribute("max")) + 1):
        scrub.fill(str(moment))
        assert axis(figure) == before
