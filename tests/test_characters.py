"""How characters are shown and named, and what is left out of a text unseen."""

import unicodedata

import characters
import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("character", "seen", "name"),
    [
        (" ", "␣", "a space"),
        ("\t", "⇥", "a tab"),
        ("\0", "U+0000", "a zero byte"),
        ("\x85", "U+0085", "a control character, U+0085"),
        ("\xa0", "U+00A0", "a no-break space"),
        ("\u2003", "U+2003", "an em space (U+2003)"),
        ("\u2028", "U+2028", "a line separator (U+2028)"),
        ("\u200b", "U+200B", "a zero-width space"),
        ("\xad", "U+00AD", "a soft hyphen"),
        ("\ufeff", "U+FEFF", "a byte order mark"),
        ("\ue000", "U+E000", "a character without a name, U+E000"),
        ("\u0301", "◌\u0301", "an accent on its own"),
        ("\u0e34", "◌\u0e34", "a Thai character sara i"),
        ("а", "а", "a Cyrillic a"),
        ("Ж", "Ж", "a Cyrillic capital Zhe"),
        ("α", "α", "a Greek alpha"),
        ("é", "é", "a Latin e with acute"),
        ("א", "א", "a Hebrew letter alef"),
        ("安", "安", "the Chinese character 安"),
        ("\uff41", "\uff41", "a fullwidth latin small letter a"),
        ("’", "’", "a right single quotation mark"),
        ("🙂", "🙂", "a slightly smiling face"),
    ],
)
def test_a_character_is_shown_and_named_so_that_one_can_tell_it(character, seen, name):
    assert characters.shown(character) == seen
    assert characters.named(character) == name


@given(st.characters(codec=None))
def test_no_character_is_shown_as_nothing_or_has_no_name(character):
    assert characters.shown(character).strip()
    assert characters.named(character).strip()
    if unicodedata.category(character) in ("Cc", "Cf", "Zs"):
        assert characters.shown(character) != character or character in characters.WITH_INK


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("zoe\u0308", "zoë", id="a letter and its accent"),
        pytest.param("an\ufeffna", "anna", id="a byte order mark in the middle"),
        pytest.param("an\u200bna\u2060", "anna", id="spaces without width"),
        pytest.param("an\xadna", "anna", id="a soft hyphen"),
        pytest.param("\u200eanna\u202c", "anna", id="which way to read"),
        pytest.param("❤\ufe0f", "❤", id="which picture of a sign"),
        pytest.param("\u3164anna", "anna", id="a filler"),
        pytest.param("z\u034foe\u034f\u0308", "zoë", id="what kept an accent from its letter"),
        pytest.param("an\u200dna\u200c", "anna", id="joiners that join nothing"),
        pytest.param("علی\u200cرضا", "علی\u200cرضا", id="a joiner, as Persian needs"),
        pytest.param("क्\u200dष", "क्\u200dष", id="a joiner, as Hindi needs"),
        pytest.param("👩\u200d👧", "👩\u200d👧", id="a joiner, as a picture of two needs"),
        pytest.param("\u0600\u0661", "\u0600\u0661", id="a sign over an Arabic number"),
        pytest.param("jean\xa0paul", "jean paul", id="a no-break space"),
        pytest.param("jean\u3000paul\u2800", "jean paul ", id="other spaces"),
        pytest.param("x\u0302", "x\u0302", id="an accent for which there is no letter"),
        pytest.param("\tanna\r", "\tanna\r", id="what is for others to refuse"),
    ],
)
def test_what_can_neither_be_seen_nor_means_anything_is_left_out(text, cleaned):
    assert characters.clean(text)[0] == cleaned


def test_what_was_done_to_a_text_is_counted():
    assert characters.clean("a\xada\u200ba\xad e\u0301\xa0") == ("aaa é ", {"\xad": 2, "\u200b": 1}, {"\xa0": 1}, True)
    assert characters.clean("anna é") == ("anna é", {}, {}, False)


@given(st.text(max_size=20))
def test_a_clean_text_stays_as_it_is(text):
    cleaned = characters.clean(text)[0]
    assert characters.clean(cleaned)[0] == cleaned or any(joiner in cleaned for joiner in characters.JOINERS)


@pytest.mark.parametrize(
    ("text", "strangers"), [("anna", []), ("аnna", ["а"]), ("αnna", ["α"]), ("анна", []), ("أحمد", []), ("a 安", [])]
)
def test_a_letter_of_another_alphabet_is_found_among_those_that_look_alike(text, strangers):
    assert characters.mixed(text) == strangers
