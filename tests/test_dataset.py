"""A training file: what can be learned from, what cannot and how that is said, and how it is split."""

import random
from pathlib import Path

import dataset
import pytest
from hypothesis import given
from hypothesis import strategies as st
from microgpt import block_size

NAMES = Path(__file__).resolve().parents[2] / "shared/data/names.txt"  # beside the checkout, where there is a copy


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        pytest.param(b"anna\nemma\n", ["anna", "emma"], id="a line feed after each"),
        pytest.param(b"anna\nemma", ["anna", "emma"], id="none after the last"),
        pytest.param(b"anna\r\nemma\r\n", ["anna", "emma"], id="line ends of Windows"),
        pytest.param(b"\xef\xbb\xbfanna\nemma\n", ["anna", "emma"], id="a byte order mark"),
        pytest.param(b"\xef\xbb\xbf  anna\r\nemma\r\n", ["anna", "emma"], id="a byte order mark, then spaces"),
        pytest.param(b"\n\nanna\n\n \t\nemma\n\n", ["anna", "emma"], id="blank lines"),
        pytest.param(b"  anna\t\n emma  \n", ["anna", "emma"], id="space around"),
        pytest.param(b"mary ann\nemma\n", ["mary ann", "emma"], id="a space inside"),
        pytest.param(b"b\na\nb\n", ["b", "a", "b"], id="the file's order, with what comes twice"),
        pytest.param("Zoë\nłukasz\n".encode(), ["Zoë", "łukasz"], id="letters with marks"),
        pytest.param("安娜\nมะลิ\n".encode(), ["安娜", "มะลิ"], id="other scripts"),
        pytest.param("علی\u200cرضا\nanna\n".encode(), ["علی\u200cرضا", "anna"], id="a joiner, as Persian needs"),
        pytest.param("jean\u00a0paul\nanna\n".encode(), ["jean\u00a0paul", "anna"], id="a no-break space"),
        pytest.param("🙂🙃\n🙃\n".encode(), ["🙂🙃", "🙃"], id="pictures"),
        pytest.param(b"a\n" + b"z" * (block_size - 1), ["a", "z" * (block_size - 1)], id="as long as a line can be"),
    ],
)
def test_a_file_is_read_as_one_text_a_line(raw, texts):
    assert dataset.read_texts(raw) == texts


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        pytest.param(b"", "fewer than two texts", id="empty"),
        pytest.param(b"\n \n\r\n", "fewer than two texts", id="only blank lines"),
        pytest.param(b"\xef\xbb\xbf", "fewer than two texts", id="only a byte order mark"),
        pytest.param(b"anna\n", "fewer than two texts", id="one text only"),
        pytest.param(b"anna\nemma\nzo\xeb\n", "not text in UTF-8", id="Latin-1"),
        pytest.param("anna\nemma\n".encode("utf-16"), "not text in UTF-8", id="UTF-16"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", "not text in UTF-8", id="a picture"),
        pytest.param(b"anna\nem\0ma\n", r"Line 2 holds the control character '\\x00'", id="a zero byte"),
        pytest.param(b"anna\nemma\njane\tdoe\n", r"Line 3 holds the control character '\\t'", id="a table"),
        pytest.param(b"anna\remma\r", r"Line 1 holds the control character '\\r'", id="line ends of old Macs"),
        pytest.param(b"anna\nemma\n\x1b[1m\n", r"Line 3 holds the control character '\\x1b'", id="a terminal's codes"),
        pytest.param(b"anna\n\n" + b"z" * block_size, "Line 3 has 16 characters.* 15 at most", id="a line too long"),
        pytest.param(b"z" * 10**6, "Line 1 has 1000000 characters", id="a very long line"),
        pytest.param(
            "\n".join(map(chr, range(0x4E00, 0x4E00 + 101))).encode(),
            "uses 101 different characters; the model takes 100 at most",
            id="too many different characters",
        ),
    ],
)
def test_a_file_that_cannot_be_learned_from_is_refused_in_a_sentence(raw, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        dataset.read_texts(raw)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 300


def test_as_many_different_characters_as_the_model_takes_are_fine():
    texts = [chr(0x4E00 + i) for i in range(dataset.MAX_CHARACTERS)]
    assert dataset.read_texts("\n".join(texts).encode()) == texts


@given(st.binary(max_size=200) | st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode))
def test_whatever_the_bytes_they_are_texts_or_refused(raw):
    try:
        texts = dataset.read_texts(raw)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert len(texts) >= 2
        assert all(text == text.strip() and 0 < len(text) < block_size for text in texts)
        assert len(dataset.vocabulary_of(texts)) <= dataset.MAX_CHARACTERS


def test_the_vocabulary_is_every_character_once_in_order():
    assert dataset.vocabulary_of(["emma", "Zoë", "al-x y"]) == " -Zaelmoxyë"


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=2, max_size=60), st.integers(0, 5))
def test_a_split_keeps_every_text_in_one_of_the_two_parts(texts, seed):
    before = list(texts)
    train, held_out = dataset.split(texts, seed)
    assert texts == before
    assert sorted(train + held_out) == sorted(texts)
    assert len(held_out) == max(1, len(texts) // 10)
    assert (train, held_out) == dataset.split(texts, seed)


def test_a_split_depends_on_the_seed_and_on_nothing_else():
    texts = [str(i) for i in range(100)]
    random.seed(1)
    first = dataset.split(texts, 42)
    random.seed(2)
    state = random.getstate()
    assert dataset.split(texts, 42) == first
    assert dataset.split(texts, 43) != first
    assert random.getstate() == state


@pytest.mark.parametrize(("n_texts", "n_held_out"), [(2, 1), (20, 2), (99, 9), (50_000, 3200)])
def test_the_end_of_the_shuffle_is_held_out(n_texts, n_held_out):
    texts = [str(i) for i in range(n_texts)]
    shuffled = list(texts)
    random.Random(42).shuffle(shuffled)
    assert dataset.split(texts, 42) == (shuffled[:-n_held_out], shuffled[-n_held_out:])


@pytest.mark.skipif(not NAMES.exists(), reason="the names file is not on this machine")
def test_of_the_names_3200_are_held_out_and_28833_learned_from():
    names = dataset.read_texts(NAMES.read_bytes())
    assert dataset.vocabulary_of(names) == "abcdefghijklmnopqrstuvwxyz"
    assert [len(part) for part in dataset.split(names, 42)] == [28_833, 3200]
