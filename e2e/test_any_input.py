"""Whatever comes in by the text field or the link: a sentence or a right answer, and the page lives."""

import re
import unicodedata
from urllib.parse import urlencode

import characters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from e2e import shown

# One page takes all the examples, one after the other, as one person could.
ONE_PAGE = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

NAMES = ["text", "mode", "position", "temperature", "seed", "draws"]
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["forward", "loss", "sample", "anna", "3", "2@1,1@0.5", "1e9", "-1", "<b>", "%", "null"]),
)
LINKS = st.one_of(
    st.text(max_size=60),
    st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), VALUES, max_size=8).map(urlencode),
)


def check_alive(page, cpython, vocabulary):
    """The page still answers, and what stands in its field is a text the model can read."""
    text = shown.text_field(page).input_value()
    assert len(text) <= 16 and set(text) <= set(vocabulary)
    shown.choose_mode(page, "Loss")
    shown.write(page, "mia")
    assert abs(shown.average(page).value - cpython.read("mia")["mean_nll"]) < 1e-12


def as_the_model_knows_it(text, vocabulary):
    cleaned = characters.clean(text)[0].replace("\u200c", "").replace("\u200d", "")  # no Latin letter needs joiners
    narrow = (unicodedata.normalize("NFKC", c) if "！" <= c <= "～" else c for c in cleaned)
    return "".join(c if c in vocabulary or c.lower() not in vocabulary else c.lower() for c in narrow).strip()


def test_whatever_the_link_says_there_is_a_state_and_the_page_lives(lesson, cpython):
    @ONE_PAGE
    @given(LINKS)
    def whatever(link):
        lesson.evaluate("link => { location.hash = link; }", link)
        check_alive(lesson, cpython, cpython.vocabulary)

    whatever()


def test_whatever_is_written_is_taken_or_refused_in_a_sentence(lesson, cpython):
    shown.choose_mode(lesson, "Forward")

    @ONE_PAGE
    @given(st.one_of(st.text(max_size=14), st.text("abcxyzABCÀß -ａＺ\u200b\u0301", max_size=14)))
    def whatever(text):
        field = shown.text_field(lesson)
        shown.write(lesson, "emma")
        field.fill(text)
        small = as_the_model_knows_it(text, cpython.vocabulary)
        if text and not small:
            expect(field).to_have_value(re.compile("^(emma)?$"))  # nothing came, or nothing but what cannot be seen
        elif set(small) <= set(cpython.vocabulary) and len(small) <= 10:
            expect(field).to_have_value(small)
        else:
            expect(field).to_have_value("emma")
            expect(lesson.get_by_role("alert").filter(has_text="stays as it was")).to_be_visible()

    whatever()
