"""A training file: what can be learned from, what cannot and how that is said, and how it is split."""

import random
from pathlib import Path

import dataset
import pytest
from hypothesis import given
from hypothesis import strategies as st
from microgpt import block_size

NAMES = Path(__file__).resolve().parents[2] / "shared/data/names.txt"  # beside the checkout, where there is a copy
README = Path(__file__).resolve().parent.parent / "README.md"


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
        pytest.param("jean\u00a0paul\nanna\n".encode(), ["jean paul", "anna"], id="a no-break space"),
        pytest.param("anna\n\ufeffemma\n\u200b\n".encode(), ["anna", "emma"], id="two files joined"),
        pytest.param("zoë\nzoe\u0308\nanna\n".encode(), ["zoë", "zoë", "anna"], id="one letter written in two ways"),
        pytest.param(b"anna\nsmith, john\nemma\n", ["anna", "smith, john", "emma"], id="a comma"),
        pytest.param(b"u2\nroom 5\nanna\nemma\n", ["u2", "room 5", "anna", "emma"], id="a number"),
        pytest.param("🙂🙃\n🙃\n".encode(), ["🙂🙃", "🙃"], id="pictures"),
        pytest.param(b"a\n" + b"z" * (block_size - 1), ["a", "z" * (block_size - 1)], id="as long as a line can be"),
    ],
)
def test_a_file_is_read_as_one_text_a_line(raw, texts):
    assert dataset.read_texts(raw)[0] == texts


def test_what_was_done_to_the_texts_is_said_in_numbers():
    assert dataset.read_texts(b"anna\nemma\n")[1] == []
    raw = "an\xadna\n\ufeffemma\u200b\nzoe\u0308\u200b\njean\xa0paul\nmаrk\n".encode()
    assert dataset.read_texts(raw)[1] == [
        "4 characters that cannot be seen were left out: a soft hyphen (1), a zero-width space (2), "
        "a byte order mark (1).",
        "1 special space was made a plain one: a no-break space (1).",
        "Letters written in two parts were put together in 1 line.",
        "1 letter of one alphabet among those of another, learned as a letter of its own: a Cyrillic a (line 5).",
    ]


TABLES = [
    pytest.param("Mary,F,7065\nAnna,F,2604\n", id="commas"),
    pytest.param("Mary\tMarch\nAnna\tMay\n", id="tabs"),
    pytest.param("Mary 7065\nAnna 2604\n", id="spaces"),
    pytest.param('"Mary", "F, 1"\n"Anna", "F, 2"\n', id="quotes"),
    pytest.param("Mary, Jane and Elizabeth, 1234567890\nAnna, nobody, 1\n", id="long lines"),
]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_learned_from_only_when_it_was_said_how(table):
    with pytest.raises(ValueError, match="looks like a table: line 1 is “.*--column 1.*--column all"):
        dataset.read_texts(table.encode())
    assert dataset.read_texts(table.encode(), 1) == (["Mary", "Anna"], ["Column 1 of 2 rows was taken."])


def test_the_names_of_the_columns_of_a_table_are_not_learned():
    assert dataset.read_texts(b"name;count\nMary;7065\nAnna;2604\n", 1) == (
        ["Mary", "Anna"],
        ["Column 1 of 2 rows was taken.", "Line 1 names the columns (name, count) and was left out."],
    )


def test_one_row_of_a_table_among_other_lines_is_asked_about():
    with pytest.raises(ValueError, match="looks like a table: line 3 is “Mary,F,7065”"):
        dataset.read_texts(b"anna\nemma\nMary,F,7065\nbob\n")


def test_whole_lines_of_a_table_are_learned_when_asked_for():
    lines = ["Mary,F,7065", "Anna,F,2604"]
    assert dataset.read_texts("\n".join(lines).encode(), dataset.WHOLE_LINES) == (lines, [])


def test_a_column_that_a_row_does_not_have_is_refused():
    with pytest.raises(ValueError, match="Line 2 has 1 column, so there is no column 2 in it"):
        dataset.read_texts(b"Mary,F\nAnna\nEmma,F\n", 2)


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
        pytest.param(b"anna\nem\0ma\n", "Line 2 holds a zero byte", id="a zero byte"),
        pytest.param(b"anna\nemma\njane\tdoe\n", "Line 3 holds a tab", id="a tab"),
        pytest.param(b"anna\remma\r", "Line 1 holds a carriage return", id="line ends of old Macs"),
        pytest.param(b"anna\nemma\n\x1b[1m\n", "Line 3 holds an escape character", id="a terminal's codes"),
        pytest.param(
            "anna\nem\u2028ma\n".encode(), r"Line 2 holds a line separator \(U\+2028\)", id="an end of a line"
        ),
        pytest.param("anna\nzo\ufffd\n".encode(), "Line 2 holds a replacement character \\(\ufffd", id="a lost letter"),
        pytest.param(b"anna\n" * 30, "fewer than two texts that differ", id="one text, thirty times"),
        pytest.param("é\ne\u0301\n".encode(), "fewer than two texts that differ", id="one letter, twice"),
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
    assert dataset.read_texts("\n".join(texts).encode())[0] == texts


@given(st.binary(max_size=200) | st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode))
def test_whatever_the_bytes_they_are_texts_or_refused(raw):
    try:
        texts, _ = dataset.read_texts(raw)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert len(texts) >= 2
        assert all(text == text.strip() and 0 < len(text) < block_size for text in texts)
        assert len(dataset.vocabulary_of(texts)) <= dataset.MAX_CHARACTERS


def test_the_vocabulary_is_every_character_once_in_order():
    assert dataset.vocabulary_of(["emma", "Zoë", "al-x y"]) == " -Zaelmoxyë"


several = st.lists(st.text("abc", min_size=1, max_size=2), min_size=2, max_size=60).filter(lambda x: len(set(x)) > 1)


@given(several, st.integers(0, 5))
def test_no_held_out_text_is_among_those_learned_from(texts, seed):
    before = list(texts)
    train, held_out = dataset.split(texts, seed)
    assert texts == before
    assert train
    assert not set(train) & set(held_out)
    assert len(held_out) == len(set(held_out)) == max(1, len(set(texts)) // 10)
    assert sorted(train) == sorted(text for text in texts if text not in held_out)
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
def test_the_end_of_the_shuffled_different_texts_is_held_out(n_texts, n_held_out):
    texts = [str(i) for i in range(n_texts)]
    shuffled = list(texts)
    random.Random(42).shuffle(shuffled)
    train, held_out = dataset.split(texts + texts[::-1], 42)
    assert held_out == shuffled[-n_held_out:]
    assert len(train) == 2 * (n_texts - n_held_out)


@pytest.mark.skipif(not NAMES.exists(), reason="the names file is not on this machine")
def test_what_the_readme_says_of_the_names_is_so():
    names, told = dataset.read_texts(NAMES.read_bytes())
    assert told == []
    assert dataset.vocabulary_of(names) == "abcdefghijklmnopqrstuvwxyz"
    train, held_out = dataset.split(names, 42)
    readme = README.read_text(encoding="utf-8")
    assert f"one pass over {len(train):,} names" in readme
    assert f"a tenth of the different ones, {len(held_out):,}, is held out" in readme


def test_a_portrait_counts_what_differs_and_how_texts_begin_and_shows_the_first_few():
    texts = ["bo", "al", "bo", "cy", "abe", "di", "ed", "fay"]
    assert dataset.portrait(texts) == {
        "n_different": 7,
        "examples": ["bo", "al", "cy", "abe", "di"],
        "begin_with": {"a": 2, "b": 2, "c": 1, "d": 1, "e": 1, "f": 1},
    }
