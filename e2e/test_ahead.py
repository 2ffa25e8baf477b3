"""Answers ahead of time: the bars are there with the letter that is typed, and Python rests when it has nothing to do."""

import pytest
from playwright.sync_api import expect

from e2e import shown

# Counts what the worker is asked, and notes what the tallest bar says when the letter's own task ends.
WATCH = """
const { postMessage } = Worker.prototype;
window.asked = [];
Worker.prototype.postMessage = function (message, ...rest) {
  if (message.type === "call" && message.method === "show") window.asked.push(message.args);
  postMessage.call(this, message, ...rest);
};
addEventListener("input", () => window.atOnce = document.querySelector("#forward-panel .bars data")?.value);
"""
SEEN = True  # by somebody: see conftest.py
CONTINUATIONS = 26  # a letter each; then the text without its last letter, and one draw


def prepare(page):
    page.add_init_script(WATCH)


@pytest.fixture
def start(lesson):
    """The lesson with xyz in the field, all of its continuations answered, and no others."""
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "emma")
    lesson.evaluate("window.asked.length = 0")
    shown.write(lesson, "xyz")
    wait_until_asked(lesson, 1 + CONTINUATIONS + 2)
    return lesson


def asked(page):
    """What the worker was asked about xyz, as [text, temperature, seed, draws]."""
    return page.evaluate("window.asked.filter(([text]) => text.startsWith('xy'))")


def wait_until_asked(page, count):
    page.wait_for_function("count => window.asked.filter(([text]) => text.startsWith('xy')).length >= count", arg=count)


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
    ahead = [text for text, *_ in asked(start)][1:]
    likeliest = [c["token"] for c in cpython.read("xyz")["positions"][-1]["candidates"] if c["token"] != shown.STOP]
    assert ahead[:CONTINUATIONS] == ["xyz" + letter for letter in likeliest]


def test_nothing_is_asked_once_the_continuations_are_there(start):
    shown.write(start, "xyza")  # known; what may follow it is not: a letter, or a draw
    wait_until_asked(start, 1 + CONTINUATIONS + 2 + CONTINUATIONS + 1)
    shown.write(start, "xyz")  # known, and so is all that may follow
    shown.write(start, "xyzb")
    wait_until_asked(start, 1 + CONTINUATIONS + 2 + 2 * (CONTINUATIONS + 1))
    questions = [str(question) for question in asked(start)]
    assert len(questions) == 1 + CONTINUATIONS + 2 + 2 * (CONTINUATIONS + 1)
    assert len(set(questions)) == len(questions)


def test_a_draw_is_not_waited_for_either_and_equals_cpython(start, cpython):
    expected = cpython.show("xyz", 1, 1, [1])["draws"][0]
    shown.choose_mode(start, "Sample")
    start.evaluate("window.asked.length = 0")
    shown.panel(start).get_by_role("button", name="Draw", exact=True).click()
    shown.wait_for_draws(start, 1)
    assert [draw.p.value for draw in shown.draws(start)] == pytest.approx([expected["p"]], abs=1e-12)
    wait_until_asked(start, 1)
    assert ["xyz", 1, 1, [1]] not in asked(start)
    shown.panel(start).get_by_role("button", name="Reset").click()


def test_a_page_that_nobody_sees_answers_nothing_ahead_until_it_is_seen(lesson, cpython):
    lesson.evaluate("""Object.defineProperty(document, "hidden", { configurable: true, get: () => true })""")
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "mia")
    lesson.evaluate("window.asked.length = 0")
    shown.write(lesson, "xyz")
    shown.wait_for_reading(lesson, "xyz")
    assert len(asked(lesson)) == 1
    lesson.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    wait_until_asked(lesson, 1 + CONTINUATIONS + 2)
