"""Answers ahead of time: the bars are there with the letter that is typed, and Python rests when it has nothing to do."""

import pytest
from playwright.sync_api import expect

from e2e import shown

# Counts what the worker is asked, and notes what the tallest bar says when the letter's own task ends.
WATCH = """
const { postMessage } = Worker.prototype;
window.asked = [];
Worker.prototype.postMessage = function (message, ...rest) {
  if (message.type === "call") window.asked.push(message.args);
  postMessage.call(this, message, ...rest);
};
addEventListener("input", () => window.atOnce = document.querySelector("#forward-panel .bars data")?.value);
"""
CONTINUATIONS = 26  # a letter each; then the text without its last letter, and one draw


def prepare(page):
    page.add_init_script(WATCH)


@pytest.fixture
def start(lesson):
    """The lesson with nothing asked for a while: all is answered ahead that will be."""
    shown.choose_mode(lesson, "Forward")
    lesson.evaluate("window.asked.length = 0")
    shown.write(lesson, "xyz")
    wait_until_asked(lesson, 1 + CONTINUATIONS + 2)
    return lesson


def wait_until_asked(page, count):
    page.wait_for_function("count => window.asked.length >= count", arg=count)


def top(cpython, text):
    return cpython.read(text)["positions"][-1]["candidates"][0]["p"]


def test_a_letter_that_follows_is_drawn_in_the_task_of_its_own_key(start, cpython):
    shown.text_field(start).focus()
    start.keyboard.press("End")
    start.keyboard.press("a")
    assert float(start.evaluate("window.atOnce")) == pytest.approx(top(cpython, "xyza"), abs=1e-12)
    expect(shown.panel(start).get_by_role("heading", name="After START x y z a")).to_be_visible()


def test_so_is_the_text_without_its_last_letter(start, cpython):
    shown.text_field(start).focus()
    start.keyboard.press("End")
    start.keyboard.press("Backspace")
    assert float(start.evaluate("window.atOnce")) == pytest.approx(top(cpython, "xy"), abs=1e-12)


def test_the_likeliest_letter_is_asked_for_first(start, cpython):
    ahead = [text for text, *_ in start.evaluate("window.asked")][1:]
    likeliest = [c["token"] for c in cpython.read("xyz")["positions"][-1]["candidates"] if c["token"] != shown.STOP]
    assert ahead[:CONTINUATIONS] == ["xyz" + letter for letter in likeliest]


def test_nothing_is_asked_once_the_continuations_are_there(start):
    asked = start.evaluate("window.asked.length")
    shown.write(start, "xyza")  # known; what may follow it is not
    wait_until_asked(start, asked + CONTINUATIONS + 1)
    shown.write(start, "xyz")  # known, and so is all that may follow
    shown.write(start, "xy")
    shown.wait_for_reading(start, "xy")
    wait_until_asked(start, asked + CONTINUATIONS + 1 + CONTINUATIONS - 1 + 2)
    texts = [args for args in start.evaluate("window.asked")]
    assert len(texts) == asked + CONTINUATIONS + 1 + CONTINUATIONS - 1 + 2
    assert len({str(args) for args in texts}) == len(texts)


def test_a_draw_is_there_at_once_and_equals_cpython(start, cpython):
    expected = cpython.show("xyz", 1, 1, [1])["draws"][0]
    shown.choose_mode(start, "Sample")
    asked = start.evaluate("window.asked.length")
    shown.panel(start).get_by_role("button", name="Draw", exact=True).click()
    shown.wait_for_draws(start, 1)
    assert [draw.p.value for draw in shown.draws(start)] == pytest.approx([expected["p"]], abs=1e-12)
    first = start.evaluate("n => window.asked.slice(n)", asked)[:1]
    assert first == [] or first[0][3] == [1, 1]  # the next draw, ahead; not this one
    shown.panel(start).get_by_role("button", name="Reset").click()
