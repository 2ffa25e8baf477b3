"""Files as people have them: what would be learned from each, and that nothing is done to one silently."""

import base64
import json
import re

import dataset
import decoding
import preparation
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from preparation import folded, prepare, received
from trainer import Trainer

from building import ROOT, Failure, train
from building import prepared as prepared_by_command

WORDS = json.loads((ROOT / "web" / "words" / "en" / "train_data.json").read_text(encoding="utf-8"))
WEIGHTS = (ROOT / "weights" / "microgpt.json").read_text(encoding="utf-8")
AS_IT_IS = {"case": "keep", "accents": "keep", "inner": "keep", "duplicates": "keep", "too_long": "leave_out"}


def found(prepared):
    return {each["what"]: each for each in prepared["found"]}


def counts(prepared):
    return {each["what"]: each["count"] for each in prepared["found"]}


# ---- what a file is made of -------------------------------------------------------------

ZOE = ["anna", "zoë", "œdipe"]
ENCODED = [
    pytest.param("utf-8", b"", "utf-8", id="UTF-8"),
    pytest.param("utf-8", b"\xef\xbb\xbf", "utf-8", id="UTF-8 with a mark"),
    pytest.param("utf-16-le", b"\xff\xfe", "utf-16-le", id="UTF-16 with a mark, as Windows writes it"),
    pytest.param("utf-16-be", b"\xfe\xff", "utf-16-be", id="UTF-16 with a mark, big end first"),
    pytest.param("utf-16-le", b"", "utf-16-le", id="UTF-16 without a mark"),
    pytest.param("utf-16-be", b"", "utf-16-be", id="UTF-16 without a mark, big end first"),
    pytest.param("windows-1252", b"", "windows-1252", id="Windows-1252"),
]


@pytest.mark.parametrize("codec, mark, encoding", ENCODED)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"], ids=ascii)
def test_a_file_is_read_whatever_its_encoding_and_line_ends(codec, mark, encoding, end):
    if codec == "windows-1252" and end > "\r":
        pytest.skip("Windows-1252 has no such line end")
    prepared = prepare(mark + "".join(text + end for text in ZOE).encode(codec))
    assert prepared["texts"] == ZOE
    assert prepared["choices"] == {"encoding": encoding, "column": "lines", "header": "keep", **AS_IT_IS}
    assert prepared["offered"]["encoding"] == decoding.ENCODINGS
    assert found(prepared)["encoding"]["done"] == encoding
    assert ("mark" in found(prepared)) == bool(mark)
    ends = [] if end == "\n" else [{"character": end, "count": 3}]
    assert found(prepared).get("line_ends", {"examples": []})["examples"] == ends


@pytest.mark.parametrize("texts", [["Анна", "Зоя"], ["安娜", "佐伊"], ["ann", "bob"]], ids=ascii)
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_in_any_script_by_its_line_ends(texts, codec):
    prepared = prepare("\r\n".join(texts).encode(codec))
    assert (prepared["texts"], prepared["choices"]["encoding"]) == (texts, codec)


def test_a_zero_byte_in_a_text_does_not_make_it_utf_16():
    prepared = prepare(b"anna\nem\0mab\n")
    assert prepared["texts"] == ["anna", "emmab"]
    assert found(prepared)["control"]["examples"] == [{"character": "\0", "count": 1}]


def test_another_encoding_can_be_chosen():
    raw = "śliwka\njabłko\n".encode("windows-1250")
    assert prepare(raw)["texts"] == ["œliwka", "jab³ko"]
    assert prepare(raw, {"encoding": "windows-1250"})["texts"] == ["śliwka", "jabłko"]
    lost = prepare(raw, {"encoding": "utf-8"})
    assert (lost["problem"]["what"], counts(lost)["lost"]) == ("too_few", 2)


def test_plain_letters_leave_no_question_of_an_encoding():
    prepared = prepare(b"anna\nemma\n")
    assert (prepared["found"], prepared["offered"]) == ([], {})


def test_files_of_several_systems_joined_into_one_are_read_all_the_same():
    prepared = prepare(b"anna\r\nemma\rzoe\nbob")
    assert prepared["texts"] == ["anna", "emma", "zoe", "bob"]
    assert found(prepared)["line_ends"]["count"] == 3


def test_empty_lines_and_spaces_around_are_counted_and_told_where():
    prepared = prepare(b"anna\n\n emma \n \t\nbob\n")
    assert prepared["texts"] == ["anna", "emma", "bob"]
    assert found(prepared)["empty"] == {"what": "empty", "count": 2, "examples": [{"line": 2}, {"line": 4}]}
    assert found(prepared)["trimmed"]["examples"] == [{"line": 3}]
    assert prepared["n_lines"] == 5


def test_what_cannot_be_seen_is_left_out_and_named():
    prepared = prepare("an\xadna\nem\u200bma\nbo\xa0b\nto\tm\nal\x07ice\nzoe\u0308\nmаrk\n")
    assert prepared["texts"] == ["anna", "emma", "bo b", "to m", "alice", "zoë", "mаrk"]
    assert found(prepared)["unseen"]["examples"] == [
        {"character": "\xad", "count": 1},
        {"character": "\u200b", "count": 1},
    ]
    assert found(prepared)["spaces"]["count"] == 2
    assert found(prepared)["control"]["count"] == 1
    assert found(prepared)["composed"]["examples"] == [{"line": 6, "text": "zoë"}]
    assert found(prepared)["mixed"]["examples"] == [{"line": 7, "text": "mаrk", "character": "а"}]


def test_a_line_in_which_a_letter_was_lost_is_left_out():
    prepared = prepare("anna\nzo\ufffd\nemma\n")
    assert prepared["texts"] == ["anna", "emma"]
    assert found(prepared)["lost"]["examples"] == [{"line": 2, "text": "zo\ufffd"}]


# ---- what can be chosen -----------------------------------------------------------------


@pytest.mark.parametrize(
    "choice, text, kept, what, others",
    [
        ("case", "Anna\nİda\nemma", ["Anna", "İda", "emma"], "capitals", {"lower": ["anna", "ida", "emma"]}),
        ("accents", "zoë\nłukasz\nbob", ["zoë", "łukasz", "bob"], "accents", {"fold": ["zoe", "lukasz", "bob"]}),
        ("accents", "ångström\nstraße", ["ångström", "straße"], "accents", {"fold": ["angstrom", "strasse"]}),
        ("accents", "zoe\u0308\nzoë", ["zoë", "zoë"], "accents", {"fold": ["zoe", "zoe"]}),
        (
            "inner",
            "mary-ann\njo von x\nbob",
            ["mary-ann", "jo von x", "bob"],
            "inner",
            {"split": ["mary", "ann", "jo", "von", "x", "bob"], "drop": ["maryann", "jovonx", "bob"]},
        ),
        ("duplicates", "b\na\nb", ["b", "a", "b"], "duplicates", {"leave_out": ["b", "a"]}),
        (
            "too_long",
            "anna\nbob\nchristopherjames",
            ["anna", "bob"],
            "too_long",
            {"cut": ["anna", "bob", "christopherjame"]},
        ),
    ],
)
def test_what_can_be_taken_in_more_than_one_way_is_offered(choice, text, kept, what, others):
    prepared = prepare(text)
    first = prepared["choices"][choice]
    assert prepared["texts"] == kept
    assert prepared["offered"][choice] == [first, *others]
    assert found(prepared)[what]["done"] == first
    for value, texts in others.items():
        otherwise = prepare(text, {choice: value})
        assert otherwise["texts"] == texts
        assert otherwise["choices"] == {**prepared["choices"], choice: value}
        assert otherwise["offered"][choice] == prepared["offered"][choice]
        assert found(otherwise)[what]["done"] == value
        assert counts(otherwise)[what] == counts(prepared)[what]


def test_what_makes_no_difference_is_not_offered():
    assert prepare("anna\nemma\n")["offered"] == {}
    assert prepare("Анна\nЗоя\n")["offered"].keys() == {"case"}  # Й is no И with an accent, so nothing is taken off


@pytest.mark.parametrize(
    "text, plain", [("Éé", "Ee"), ("æœßøđþ", "aeoessodth"), ("ǆ", "ǆ"), ("йё", "йё"), ("a\u0301", "a")]
)
def test_only_latin_letters_are_folded(text, plain):
    assert folded(text) == plain


def test_which_lines_are_too_long_is_told_with_what_cutting_them_would_leave():
    prepared = prepare("anna\nemma\n" + "x" * 60)
    assert found(prepared)["too_long"]["examples"] == [
        {"line": 3, "text": "x" * 40 + "…", "became": "x" * 15, "length": 60}
    ]
    assert found(prepared)["too_long"]["most"] == 15


def test_the_first_few_of_many_are_told_and_how_many_there_are():
    prepared = prepare("\n".join(f"Anna{letter}" for letter in "abcdefghij"))
    assert counts(prepared)["capitals"] == 10
    assert [each["line"] for each in found(prepared)["capitals"]["examples"]] == [1, 2, 3, 4, 5]


def test_lines_of_prose_are_split_into_words_unless_one_says_otherwise():
    prose = "it was the best of times\nit was the worst of times\n"
    assert prepare(prose)["texts"][:4] == ["it", "was", "the", "best"]
    assert prepare(prose, {"inner": "keep"})["problem"]["what"] == "too_few"


# ---- tables -----------------------------------------------------------------------------

TABLE = "id,given name,town\n1,Mary,Rome\n2,Anna,Rome\n3,\n4,Zoë,Bonn\n"


def test_of_a_table_the_column_with_most_words_is_taken():
    prepared = prepare(TABLE.encode())
    assert prepared["texts"] == ["Mary", "Anna", "Zoë"]
    assert (prepared["choices"]["column"], prepared["choices"]["header"]) == (2, "leave_out")
    assert prepared["offered"]["column"] == ["lines", 1, 2, 3, "cells"]
    assert prepared["columns"][1] == {"column": 2, "name": "given name", "examples": ["Mary", "Anna", ""]}
    assert counts(prepared)["table"] == 4
    assert found(prepared)["header"]["examples"] == [{"line": 1, "text": "id, given name, town"}]
    assert found(prepared)["empty_cell"]["examples"] == [{"line": 4}]


def test_another_column_whole_lines_or_every_cell_can_be_taken():
    assert prepare(TABLE, {"column": "3"})["texts"] == ["Rome", "Rome", "Bonn"]
    assert found(prepare(TABLE, {"column": 3}))["no_cell"]["examples"] == [{"line": 4, "text": "3, "}]
    assert prepare(TABLE, {"column": 2, "header": "keep"})["texts"][0] == "given name"
    assert prepare(TABLE, {"column": "lines"})["texts"] == ["1,Mary,Rome", "2,Anna,Rome", "3,", "4,Zoë,Bonn"]
    assert prepare(TABLE, {"column": "cells"})["texts"][:4] == ["1", "Mary", "Rome", "2"]


def test_a_line_of_items_with_commas_between_is_an_item_a_cell():
    assert prepare("Anna, Emma, Bob, Zoe")["texts"] == ["Anna", "Emma", "Bob", "Zoe"]


@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
def test_a_table_may_be_separated_by_any_of_these(separator):
    rows = [["name", "count"], ['"Mary"', "70"], ["Anna", "26"], ["Emma", "1"]]
    prepared = prepare("\r\n".join(map(separator.join, rows)))
    assert prepared["texts"] == ["Mary", "Anna", "Emma"]


def test_rows_of_a_table_among_other_lines_are_pointed_out():
    prepared = prepare("anna\nemma\nMary,F,7065\nbob\n")
    assert prepared["texts"] == ["anna", "emma", "Mary,F,7065", "bob"]
    assert found(prepared)["row"]["examples"] == [{"line": 3, "text": "Mary,F,7065"}]


# ---- what cannot be learned from --------------------------------------------------------


@pytest.mark.parametrize(
    "raw, problem",
    [
        pytest.param(b"", {"what": "too_few", "n_different": 0}, id="empty"),
        pytest.param(b"\xef\xbb\xbf", {"what": "too_few", "n_different": 0}, id="only a mark"),
        pytest.param(b"\r\n \r\n", {"what": "too_few", "n_different": 0}, id="only empty lines"),
        pytest.param(b"anna\nanna\n", {"what": "too_few", "n_different": 1}, id="one item"),
        pytest.param(b"PK\3\4\x14\0\x06\0", {"what": "no_text", "kind": "office"}, id="a spreadsheet"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", {"what": "no_text", "kind": "pdf"}, id="a PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", {"what": "no_text", "kind": "picture"}, id="a picture"),
        pytest.param(b"\x7fELF\2\1\1\0\xff\xfe\0\0", {"what": "no_text", "kind": "binary"}, id="a program"),
        pytest.param(b"a\n" * 500_001, {"what": "too_large", "size": 1_000_002, "most": 1_000_000}, id="too large"),
    ],
)
def test_what_cannot_be_learned_from_is_told_with_its_reason(raw, problem):
    prepared = prepare(raw)
    assert prepared["problem"] == problem
    assert f"problem_{problem['what']}" + (f"_{problem['kind']}" if "kind" in problem else "") in WORDS


def test_with_too_many_different_characters_the_items_with_the_rarest_are_left_out():
    texts = [chr(0x4E00 + i) * 2 for i in range(130)] + ["一丁"] * 5
    prepared = prepare("\n".join(texts))
    assert len(prepared["vocabulary"]) == 100
    assert prepared["n_texts"] == 105
    rare = found(prepared)["rare"]
    assert (rare["count"], rare["n_characters"], rare["most"]) == (30, 130, 100)


def test_of_very_many_lines_the_first_are_taken():
    prepared = prepare("\n".join(map(str, range(60_000))))
    assert prepared["n_texts"] == 50_000
    assert found(prepared)["too_many_lines"] == {
        "what": "too_many_lines",
        "count": 10_000,
        "examples": [],
        "most": 50_000,
    }


@pytest.mark.parametrize(
    "choices",
    [{"case": "upper"}, {"colour": "red"}, {"column": 0}, {"column": "one"}, {"case": None}, {"inner": ["keep"]}],
)
def test_there_are_no_choices_but_those(choices):
    with pytest.raises(ValueError, match="There is no "):
        prepare("a\nb", choices)


def test_of_very_many_items_in_few_lines_the_first_are_taken():
    prepared = prepare("ab cd " * 30_000, {"inner": "split"})
    assert (prepared["n_texts"], counts(prepared)["too_many_texts"]) == (50_000, 10_000)


# ---- what is said of it -----------------------------------------------------------------


def test_the_numbers_are_those_of_the_run():
    names = "\n".join(["anna", "bob", "anna", *map("".join, zip("abcdefghij" * 3, "klmnopqrst" * 3, "uvwxyzabcd" * 3))])
    prepared = prepare(names)
    train, held_out = dataset.split(prepared["texts"], 1)
    assert prepared["n_held_out"] == len(held_out)
    assert prepared["n_texts"] == len(prepared["texts"])
    assert prepared["n_different"] == len(set(prepared["texts"]))
    assert prepared["vocabulary"] == dataset.vocabulary_of(prepared["texts"])
    assert prepared["n_tokens"] == len(prepared["vocabulary"]) + 1
    assert prepared["preview"] == prepared["texts"][:20]
    assert prepared["few"]


def said():
    """The source of preparation.py, for the names in it."""
    return (ROOT / "py" / "preparation.py").read_text(encoding="utf-8")


def test_whatever_is_found_or_offered_has_its_words():
    kinds = set(re.findall(r'found\.add(?:_characters)?\(\s*"(\w+)"', said()))
    assert len(kinds) > 15
    for kind in kinds:
        assert any(name == f"found_{kind}" or name.startswith(f"found_{kind}_") for name in WORDS), kind
    for choice, values in preparation.VALUES.items():
        assert f"choice_{choice}" in WORDS
        assert all(f"{choice}_{value}" in WORDS for value in values)
    decided = {"capitals": "case", "accents": "accents", "inner": "inner", "duplicates": "duplicates"}
    for kind, choice in {**decided, "too_long": "too_long"}.items():
        assert all(f"found_{kind}_{value}" in WORDS for value in preparation.VALUES[choice])


def test_the_page_refuses_files_of_the_size_that_python_does():
    script = (ROOT / "web" / "train" / "own_file.js").read_text(encoding="utf-8")
    assert int(re.search(r"MOST = ([\d_]+)", script)[1]) == preparation.MOST_BYTES


# ---- one preparation, for the page and for the command ------------------------------------

MESSY = st.text(st.sampled_from("abAB éöße\u0308 -,;\t1\n\n\r\u200b\xa0аİ’"), max_size=80)


LINE = st.text(st.sampled_from("abABz éöß\u0308-1\u200b\xa0аİ’"), max_size=12) | st.sampled_from(
    ["", " ", "anna", "zoë"]
)
CELL = st.sampled_from(["anna", "Zoë ", '"al, x"', "12", "3,5", "b-c", "name"])
ROW = st.lists(CELL, min_size=2, max_size=2).map(";".join)
FILE = st.tuples(
    st.lists(LINE, min_size=2, max_size=8) | st.lists(ROW, min_size=3, max_size=6), st.sampled_from(["\n", "\r\n"])
)


@given(FILE, st.sampled_from([None, 0, 1, 2]))
def test_whatever_the_command_accepts_is_the_same_here(file, column):
    lines, end = file
    raw = end.join(lines).encode()
    try:
        texts, told = dataset.read_texts(raw, column)
    except ValueError:
        assume(False)
    header = "leave_out" if any("names the columns" in sentence for sentence in told) else "keep"
    prepared = prepare(raw, AS_IT_IS | {"encoding": "utf-8", "column": column or "lines", "header": header})
    assert prepared["texts"] == texts


@given(st.binary(max_size=200) | MESSY.map(str.encode), st.sampled_from([None, *decoding.ENCODINGS]))
def test_whatever_the_bytes_they_are_texts_or_a_problem(raw, encoding):
    prepared = prepare(raw, {"encoding": encoding} if encoding else {})
    json.dumps(prepared, allow_nan=False)
    texts = prepared["texts"]
    assert (prepared["problem"] is None) == (len(set(texts)) >= 2)
    assert all(text == text.strip() and 0 < len(text) <= 15 for text in texts)
    assert len(prepared["vocabulary"]) <= dataset.MAX_CHARACTERS


@given(MESSY, st.fixed_dictionaries({}, optional={c: st.sampled_from(v) for c, v in preparation.VALUES.items()}))
def test_what_is_chosen_is_what_is_done(text, choices):
    choices.pop("encoding", None)
    prepared = prepare(text, choices)
    texts = prepared["texts"]
    if prepared["choices"]["case"] == "lower":
        assert [text for text in texts if text != text.lower()] == []
    if prepared["choices"]["accents"] == "fold":
        assert [text for text in texts if folded(text) != text] == []
    if prepared["choices"]["inner"] != "keep":
        assert [text for text in texts if " " in text or "-" in text] == []
    if prepared["choices"]["duplicates"] == "leave_out":
        assert len(texts) == len(set(texts))


def test_the_command_prepares_a_file_as_the_page_does_and_says_so(tmp_path, capsys):
    raw = "id;name\r\n1;Zoë\r\n2;Anna\r\n3;christopherjames\r\n".encode("windows-1252")
    (tmp_path / "table.csv").write_bytes(raw)
    choices = prepared_by_command.choices_of("case=lower,accents=fold")
    train.train(tmp_path / "table.csv", 1, 42, tmp_path / "w.json", choices=dict(choices))
    told = capsys.readouterr().out.splitlines()
    assert told[:8] == [
        "Read as Windows-1252 (Western Europe).",
        "Line ends, 4 of them, were taken as such: those of Windows.",
        "It is a table of 3 rows. Column 2 was taken.",
        "The first line names the columns and was left out.",
        "Capital letters were made small in 2 items.",
        "Accents were taken off in one item.",
        "One item of more than 15 characters was left out. The model can read no more at once.",
        "2 texts, 0 of them repeated: 1 to learn from; 1 held out, none of which is among those.",
    ]
    made = json.loads((tmp_path / "w.json").read_text())
    page = prepare(raw, choices)
    assert made["vocabulary"] == page["vocabulary"] == "aenoz"
    assert made["training"]["data_choices"] == page["choices"]
    assert made["training"]["data_sha256"] == page["sha256"]


def test_the_command_refuses_what_the_page_does_in_the_same_words(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\3\4")
    with pytest.raises(Failure, match="a.xlsx: This is a file of a word processor"):
        train.train(tmp_path / "a.xlsx", 1, 42, tmp_path / "w.json", choices={})
    with pytest.raises(Failure, match="--prepare: There is no choice case=upper .*case=keep.lower"):
        prepared_by_command.choices_of("case=upper")


@pytest.mark.parametrize("raw", [TABLE.encode("utf-16"), "Zoe\u0308\rZoë\r\r\xad a-b\x07\rAnna".encode()])
def test_whatever_is_found_can_be_said(raw):
    for choices in [{}, {"column": "cells"}, {"case": "lower", "inner": "split", "duplicates": "leave_out"}]:
        _, told, _ = prepared_by_command.read(raw, choices)
        assert told
        assert [sentence for sentence in told if "{" in sentence or not sentence.endswith(".")] == []


# ---- how it is asked ----------------------------------------------------------------------


def test_a_file_and_a_text_cross_as_json():
    raw = "Zoë\nAnna\n".encode("utf-16")
    assert received({"base64": base64.b64encode(raw).decode()}) == raw
    assert received({"text": "Zoë"}) == "Zoë"
    assert received({"text": "a\ud83d\nb"}) == "a\ufffd\nb"
    trainer = Trainer(WEIGHTS)
    sources = [{"base64": base64.b64encode(raw).decode()}, {"text": "Zoë\nAnna\n"}]
    answers = [json.loads(trainer.answer("prepare", json.dumps([source, {"case": "lower"}]))) for source in sources]
    assert [answer["texts"] for answer in answers] == [["zoë", "anna"]] * 2
    assert answers[0]["sha256"] == dataset.digest(raw)
