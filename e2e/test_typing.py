"""The text field: what may be typed, pasted or composed, what is refused and how, and what a keystroke asks for."""

import pytest
from playwright.sync_api import expect

from e2e import shown


@pytest.fixture
def field(lesson):
    """The text field, empty and with the focus, in Forward."""
    shown.open_link(lesson, "text=", text="")
    shown.wait_for_reading(lesson, "")
    shown.text_field(lesson).focus()
    return shown.text_field(lesson)


@pytest.fixture
def refusal(lesson):
    """The line that says why something was refused."""
    return lesson.get_by_role("alert")


def caret(field):
    return field.evaluate("field => [field.selectionStart, field.selectionEnd]")


def place_caret(field, start, end=None):
    field.evaluate("(field, ends) => field.setSelectionRange(...ends)", [start, start if end is None else end])


@pytest.fixture
def paste(lesson):
    """A function that pastes a text, through the clipboard, where the focus is."""
    lesson.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def paste(text):
        lesson.evaluate("text => navigator.clipboard.writeText(text)", text)
        lesson.keyboard.press("Control+V")

    return paste


class InputMethod:
    """What an input method does: it shows a text while it is being composed, and then commits one or none."""

    def __init__(self, page):
        self.browser = page.context.new_cdp_session(page)

    def compose(self, text):
        self.browser.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )

    def commit(self, text):
        self.browser.send("Input.insertText", {"text": text})

    def cancel(self):
        self.compose("")


@pytest.fixture
def input_method(lesson):
    return InputMethod(lesson)


# ---- What is taken


@pytest.mark.parametrize("typed, text", [("Emma", "emma"), ("ANNA", "anna"), ("jaCob", "jacob")])
def test_capitals_become_small_letters(lesson, field, refusal, typed, text):
    field.press_sequentially(typed)
    expect(field).to_have_value(text)
    expect(refusal).to_be_hidden()
    shown.wait_for_reading(lesson, text)


def test_a_capital_typed_in_the_middle_leaves_the_caret_behind_it(lesson, field):
    field.press_sequentially("ana")
    place_caret(field, 1)
    lesson.keyboard.type("N")
    expect(field).to_have_value("anna")
    assert caret(field) == [2, 2]
    lesson.keyboard.type("X")
    expect(field).to_have_value("anxna")


def test_a_letter_typed_in_the_middle_leaves_the_caret_behind_it(lesson, field):
    field.press_sequentially("jcob")
    place_caret(field, 1)
    lesson.keyboard.type("a")
    shown.wait_for_reading(lesson, "jacob")
    assert caret(field) == [2, 2]


def test_a_pasted_text_takes_the_place_of_what_was_selected(lesson, field, paste):
    field.press_sequentially("anna")
    place_caret(field, 1, 3)
    paste("LI")
    shown.wait_for_reading(lesson, "alia")
    assert caret(field) == [3, 3]


def test_ten_letters_are_taken(lesson, field, refusal, paste):
    paste("CHRISTOPHE")
    expect(field).to_have_value("christophe")
    expect(refusal).to_be_hidden()
    shown.wait_for_reading(lesson, "christophe")


@pytest.mark.parametrize(
    "pasted",
    [
        *(" anna", "anna ", "anna\n", "\tAnna\r\n", "\N{NO-BREAK SPACE}anna\N{IDEOGRAPHIC SPACE}"),
        *("ＡＮＮＡ", "ａnna", "\N{ZERO WIDTH NO-BREAK SPACE}anna", "an\N{SOFT HYPHEN}na", "an\N{ZERO WIDTH SPACE}na"),
        *(
            "\N{LEFT-TO-RIGHT MARK}anna\N{POP DIRECTIONAL FORMATTING}",
            "an\N{ZERO WIDTH JOINER}na",
            "anna\N{VARIATION SELECTOR-16}",
        ),
    ],
    ids=ascii,
)
def test_what_comes_around_a_text_and_what_cannot_be_seen_in_it_is_not_the_text(lesson, field, refusal, paste, pasted):
    paste(pasted)
    expect(field).to_have_value("anna")
    expect(refusal).to_be_hidden()
    shown.wait_for_reading(lesson, "anna")


def test_a_word_that_a_phones_keyboard_suggests_comes_without_its_space(lesson, field, refusal, input_method):
    field.press_sequentially("em")
    input_method.compose("Emma")
    input_method.commit("Emma ")
    expect(field).to_have_value("ememma")
    expect(refusal).to_be_hidden()
    field.select_text()
    lesson.keyboard.insert_text("Emma ")
    expect(field).to_have_value("emma")
    expect(refusal).to_be_hidden()


def test_what_is_nothing_but_unseen_changes_nothing(lesson, field, refusal, paste):
    field.press_sequentially("anna")
    place_caret(field, 1, 3)
    paste("\N{ZERO WIDTH SPACE}")
    expect(field).to_have_value("anna")
    expect(refusal).to_be_hidden()


def test_letters_composed_as_a_phones_keyboard_does_are_taken_at_once(lesson, field, input_method):
    field.press_sequentially("a")
    for composed in ("N", "Nn", "Nna"):
        input_method.compose(composed)
        shown.wait_for_reading(lesson, "a" + composed.lower())
        expect(field).to_have_value("a" + composed)  # never changed under its hands
    input_method.commit("Nna")
    expect(field).to_have_value("anna")
    shown.wait_for_reading(lesson, "anna")


def test_drawn_characters_taken_away_as_a_phones_keyboard_does_undo_their_draws(lesson, drawn, input_method):
    text = drawn.input_value()
    drawn.select_text()
    for count in (1, 0):
        input_method.compose(text[: 3 + count])
        shown.wait_for_draws(lesson, count)
    input_method.commit("ann")
    expect(drawn).to_have_value("ann")


# ---- What is refused

STRANGERS = ["1", "é", "ß", "-", "'", "<", "\\", "ñ", "я", "字", "ﬁ", "İ", "😀"]


@pytest.fixture
def is_refused(lesson, field, refusal):
    """A function: put into the middle of a text, this character is refused in these words, and nothing moves."""

    def is_refused(stranger, words):
        field.press_sequentially("emma")
        place_caret(field, 2)
        lesson.keyboard.insert_text(stranger)
        expect(refusal).to_contain_text(words)
        expect(field).to_have_value("emma")
        assert caret(field) == [2, 2]

    return is_refused


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_character_the_model_does_not_know_is_refused_by_name(lesson, is_refused, stranger):
    is_refused(stranger, f"“{stranger}”")
    shown.wait_for_reading(lesson, "emma")


def test_a_refused_key_leaves_the_text_and_the_caret_and_the_next_letter_clears_the_line(lesson, field, refusal):
    field.press_sequentially("emma")
    place_caret(field, 2)
    lesson.keyboard.type("7")
    expect(refusal).to_contain_text("“7”")
    expect(field).to_have_value("emma")
    lesson.keyboard.type("i")
    expect(field).to_have_value("emima")
    expect(refusal).to_be_hidden()


UNTELLING = {
    " ": "A space",
    "\N{NO-BREAK SPACE}": "A no-break space",
    "\t": "A tab",
    "\N{THIN SPACE}": "A thin space (U+2009)",
    "а": "A Cyrillic a",
    "ο": "A Greek omicron",
    "ı": "A Latin dotless i",
    "\N{COMBINING ACUTE ACCENT}": "An accent on its own",
    "’": "A right single quotation mark",
    "é": "“é” (U+00E9)",
    "\N{HANGUL SYLLABLE A}": "“아” (U+C544)",
    "\N{DEVANAGARI VOWEL SIGN AA}": "“◌ा” (U+093E)",
    "\ue000": "A character that cannot be seen (U+E000)",
}


@pytest.mark.parametrize("stranger, name", UNTELLING.items(), ids=UNTELLING.values())
def test_what_cannot_be_told_by_its_looks_is_refused_by_what_it_is_called(is_refused, stranger, name):
    is_refused(stranger, f"{name} is not one of the 26 characters")


def test_a_space_is_refused_in_words(field, refusal):
    field.press_sequentially("em ")
    expect(refusal).to_contain_text("space")
    expect(field).to_have_value("em")


@pytest.mark.parametrize("text, named", [("anna-lena", "“-”"), ("Zoë", "“ë”"), ("anna 1", "A space"), ("<b>x", "“<”")])
def test_a_pasted_text_is_refused_as_a_whole_for_its_first_unknown_character(
    lesson, field, refusal, paste, text, named
):
    field.press_sequentially("jacob")
    field.select_text()
    paste(text)
    expect(refusal).to_contain_text(named)
    expect(field).to_have_value("jacob")
    shown.wait_for_reading(lesson, "jacob")


@pytest.mark.parametrize("composing, taken, committed", [("´", "", "é"), ("zoë", "", "zoë"), ("ni", "ni", "你")])
def test_what_an_input_method_commits_is_refused_like_what_is_typed(
    lesson, field, refusal, input_method, composing, taken, committed
):
    field.press_sequentially("emma")
    place_caret(field, 2)
    input_method.compose(composing)
    expect(field).to_have_value(f"em{composing}ma")  # never changed under its hands
    input_method.commit(committed)
    expect(refusal).to_contain_text(f"“{committed[-1]}”")
    expect(field).to_have_value(f"em{taken}ma")
    assert caret(field) == [2 + len(taken)] * 2
    shown.wait_for_reading(lesson, f"em{taken}ma")


def test_an_eleventh_letter_is_refused_and_the_line_says_how_many_there_may_be(lesson, field, refusal):
    field.press_sequentially("christophe")
    expect(refusal).to_be_hidden()
    lesson.keyboard.type("r")
    expect(refusal).to_contain_text("10")
    expect(field).to_have_value("christophe")


def test_a_pasted_text_that_is_too_long_is_refused_and_what_stood_there_stays(lesson, field, refusal, paste):
    field.press_sequentially("mia")
    paste("abcdefgh")
    expect(refusal).to_contain_text("10")
    expect(field).to_have_value("mia")
    shown.wait_for_reading(lesson, "mia")


def test_a_preset_clears_the_line_of_a_refusal(lesson, field, refusal):
    field.press_sequentially("em1")
    expect(refusal).to_be_visible()
    lesson.get_by_role("button", name="jacob", exact=True).click()
    expect(refusal).to_be_hidden()
    shown.wait_for_reading(lesson, "jacob")


# ---- Undo, as the browser has it


def undo(page):
    page.keyboard.press("Control+Z")


def undo_all(page, field, steps):
    """Undo step by step. Where the page changes between two letters, Chromium makes each of them a step."""
    for text in steps:
        undo(page)
        expect(field).to_have_value(text)
        shown.wait_for_reading(page, text)


def redo(page):
    page.keyboard.press("Control+Shift+Z")


def test_undo_takes_back_what_was_typed_over_a_selection_capitals_too(lesson, field):
    field.press_sequentially("anna")
    field.select_text()
    lesson.keyboard.type("BoB")
    expect(field).to_have_value("bob")
    undo_all(lesson, field, ["bo", "b", "anna"])
    for text in ("b", "bo", "bob"):
        redo(lesson)
        expect(field).to_have_value(text)
    shown.wait_for_reading(lesson, "bob")


def test_undo_works_after_a_key_that_was_refused(lesson, field, refusal):
    field.press_sequentially("anna")
    field.select_text()
    lesson.keyboard.type("em7")
    expect(refusal).to_be_visible()
    undo_all(lesson, field, ["e", "anna"])
    expect(refusal).to_be_hidden()


@pytest.mark.parametrize("pasted", ["Li", " li\n", "ＬＩ"])
def test_undo_takes_back_what_was_pasted(lesson, field, paste, pasted):
    field.press_sequentially("anna")
    place_caret(field, 1, 3)
    paste(pasted)
    expect(field).to_have_value("alia")
    undo(lesson)
    expect(field).to_have_value("anna")


def test_undo_takes_back_what_was_cut_and_what_was_deleted(lesson, field):
    field.press_sequentially("jacob")
    place_caret(field, 1, 3)
    lesson.keyboard.press("Control+X")
    expect(field).to_have_value("job")
    lesson.keyboard.press("Backspace")
    expect(field).to_have_value("ob")
    undo(lesson)
    undo(lesson)
    expect(field).to_have_value("jacob")
    shown.wait_for_reading(lesson, "jacob")


@pytest.mark.parametrize("committed, text", [("Nna", "anna"), ("nna ", "anna")])
def test_undo_takes_back_what_an_input_method_put_in(lesson, field, input_method, committed, text):
    field.press_sequentially("a")
    shown.wait_for_reading(lesson, "a")
    input_method.compose("Nn")
    input_method.commit(committed)
    expect(field).to_have_value(text)
    undo(lesson)
    expect(field).to_have_value("a")
    redo(lesson)
    expect(field).to_have_value(text)


def test_undo_works_after_what_an_input_method_put_in_was_refused(lesson, field, refusal, input_method):
    field.press_sequentially("anna")
    field.select_text()
    lesson.keyboard.type("em")
    input_method.compose("é")
    input_method.commit("é")
    expect(refusal).to_be_visible()
    expect(field).to_have_value("em")
    undo_all(lesson, field, ["e", "anna"])
    expect(refusal).to_be_hidden()


def test_undo_works_in_the_first_screens_field_too(lesson, field):
    name = lesson.get_by_role("textbox", name="Try a name")
    name.fill("anna")
    name.select_text()
    lesson.keyboard.type("Bo")
    expect(field).to_have_value("bo")
    undo_all(lesson, name, ["b", "anna"])
    expect(field).to_have_value("anna")


def test_undo_takes_back_an_example_that_was_put_in_by_its_button(lesson, field):
    field.press_sequentially("mia")
    lesson.get_by_role("button", name="jacob", exact=True).click()
    expect(lesson.get_by_role("button", name="jacob", exact=True)).to_be_focused()
    field.focus()
    place_caret(field, 5)
    lesson.keyboard.type("i")
    expect(field).to_have_value("jacobi")
    undo(lesson)
    expect(field).to_have_value("jacob")
    undo(lesson)
    expect(field).to_have_value("mia")
    shown.wait_for_reading(lesson, "mia")


# ---- Characters that were drawn


@pytest.fixture
def drawn(lesson, cpython):
    """The text field with "ann" typed and two characters drawn after it, and the focus at its end."""
    text = cpython.show("ann", 1, 1, [1, 1])["text"]
    shown.open_link(lesson, "text=ann&mode=sample&draws=2", text=text)
    shown.wait_for_draws(lesson, 2)
    field = shown.text_field(lesson)
    field.focus()
    place_caret(field, len(text))
    return field


def test_backspace_on_drawn_characters_undoes_their_draws(lesson, drawn, cpython):
    once = cpython.show("ann", 1, 1, [1])["text"]
    for text, draws in [(once, 1), ("ann", 0), ("an", 0)]:
        lesson.keyboard.press("Backspace")
        expect(drawn).to_have_value(text)
        shown.wait_for_draws(lesson, draws)
    assert "draws" not in lesson.url and "text=an&" in lesson.url + "&"


def test_deleting_all_drawn_characters_at_once_undoes_all_draws(lesson, drawn):
    place_caret(drawn, 3, 5)
    lesson.keyboard.press("Delete")
    expect(drawn).to_have_value("ann")
    shown.wait_for_draws(lesson, 0)
    assert "draws" not in lesson.url


def test_a_letter_typed_after_drawn_characters_makes_the_whole_text_typed(lesson, drawn):
    text = drawn.input_value()
    lesson.keyboard.type("x")
    expect(drawn).to_have_value(text + "x")
    shown.wait_for_draws(lesson, 0)
    assert f"text={text}x" in lesson.url


def test_a_refused_character_leaves_the_draws(lesson, drawn, refusal):
    text = drawn.input_value()
    lesson.keyboard.type("1")
    expect(refusal).to_be_visible()
    expect(drawn).to_have_value(text)
    shown.wait_for_draws(lesson, 2)


def test_an_input_method_that_gives_up_leaves_the_draws(lesson, drawn, input_method):
    text = drawn.input_value()
    input_method.compose("か")
    expect(drawn).to_have_value(text + "か")
    input_method.cancel()
    expect(drawn).to_have_value(text)
    shown.choose_mode(lesson, "Loss")  # a round trip to Python, so that any answer before it is shown too
    shown.wait_for_reading(lesson, text)
    shown.choose_mode(lesson, "Sample")
    shown.wait_for_draws(lesson, 2)
    assert "draws=2" in lesson.url


def test_a_drawn_text_may_be_longer_than_a_typed_one_but_not_be_typed_on(lesson, refusal, cpython):
    seed = next(s for s in range(1000) if cpython.show("christophe", 2, s, [2] * 3)["ended"] is None)
    text = cpython.show("christophe", 2, seed, [2] * 3)["text"]
    shown.open_link(lesson, f"text=christophe&mode=sample&temperature=2&seed={seed}&draws=3", text=text)
    shown.wait_for_draws(lesson, 3)
    field = shown.text_field(lesson)
    field.focus()
    place_caret(field, len(text))
    lesson.keyboard.type("x")
    expect(refusal).to_contain_text("10")
    expect(field).to_have_value(text)
    lesson.keyboard.press("Backspace")
    expect(field).to_have_value(text[:-1])
    expect(refusal).to_be_hidden()
    shown.wait_for_draws(lesson, 2)


# ---- What is asked of Python


@pytest.fixture
def asked(lesson):
    """A function that tells which texts the page has asked Python about since the test began, but not ahead of time."""
    lesson.evaluate("""() => {
      const post = Worker.prototype.postMessage;
      window.asked = [];
      window.forgetAsked = () => { Worker.prototype.postMessage = post; };
      Worker.prototype.postMessage = function (message, ...rest) {
        const [text, , , draws] = message.args ?? [];
        if (text === document.querySelector("#text").value && draws.length === 0) window.asked.push(text);
        return post.call(this, message, ...rest);
      };
    }""")
    yield lambda: lesson.evaluate("window.asked")
    lesson.evaluate("window.forgetAsked()")


class Held:
    """A worker whose questions wait until they are let through."""

    def __init__(self, page):
        (self.worker,) = page.workers
        self.worker.evaluate("""() => {
          self.answer = self.onmessage;
          self.held = [];
          self.onmessage = question => self.held.push(question);
        }""")

    def let_through(self, text):
        self.worker.evaluate(
            "text => self.answer(...self.held.splice(self.held.findIndex(({ data }) => data.args[0] === text), 1))",
            text,
        )

    def let_all_through(self):
        self.worker.evaluate("{ self.onmessage = self.answer; self.held.splice(0).forEach(self.answer); }")


@pytest.fixture
def held(lesson, field, asked):
    """Nothing is answered from here on; the text is zq, of which nothing is known ahead."""
    held = Held(lesson)
    field.fill("zq")
    yield held
    held.let_all_through()


def test_a_keystroke_asks_one_question_and_none_if_the_answer_is_known(lesson, field, asked):
    for typed in ("e", "em", "emm", "emma"):
        lesson.keyboard.type(typed[-1])
        shown.wait_for_reading(lesson, typed)
    assert asked() == [text for text in ("e", "em", "emm", "emma") if text in asked()]


def test_while_one_text_is_being_answered_only_the_newest_waits(lesson, field, asked, held):
    lesson.keyboard.type("jacob")
    assert asked() == ["zq"]
    held.let_all_through()
    shown.wait_for_reading(lesson, "zqjacob")
    assert asked() == ["zq", "zqjacob"]


def test_an_answer_that_comes_late_never_takes_back_what_was_typed_since(lesson, field, asked, held):
    lesson.keyboard.type("jaco")
    held.let_through("zq")
    shown.wait_for_reading(lesson, "zq")
    expect(field).to_have_value("zqjaco")
    lesson.keyboard.type("b")
    expect(field).to_have_value("zqjacob")
    held.let_all_through()
    shown.wait_for_reading(lesson, "zqjacob")
    assert asked() == ["zq", "zqjaco", "zqjacob"]


def test_a_letter_typed_and_taken_back_while_waiting_is_never_asked_about(lesson, field, asked, held):
    lesson.keyboard.type("an")
    lesson.keyboard.press("Backspace")
    held.let_all_through()
    shown.wait_for_reading(lesson, "zqa")
    assert asked() == ["zq", "zqa"]


def test_another_mode_or_position_asks_python_nothing(lesson, field, asked):
    field.fill("emma")
    shown.wait_for_reading(lesson, "emma")
    assert asked() == ["emma"]
    shown.choose_position(lesson, 2, "emma")
    shown.choose_mode(lesson, "Loss")
    shown.wait_for_reading(lesson, "em")
    shown.choose_position(lesson, 3, "emma")
    shown.choose_mode(lesson, "Sample")
    shown.choose_mode(lesson, "Forward")
    shown.wait_for_reading(lesson, "emm")
    assert asked() == ["emma"]


def test_a_refused_character_asks_python_nothing(lesson, field, refusal, asked):
    lesson.keyboard.type("1")
    expect(refusal).to_be_visible()
    assert asked() == []
