"""The lists that the page brings to learn from: what is in them can be learned."""

import json
import re
import sys
import unicodedata
from collections import Counter

import dataset
import preparation
import pytest

from building import ROOT, lists

sys.path.append(str(ROOT / "lists"))
import invented_words

WORDS = json.loads((ROOT / "web" / "words" / "en" / "train_data.json").read_text(encoding="utf-8"))
A_TO_Z = "abcdefghijklmnopqrstuvwxyz"
ALPHABETS = {
    "given_names": A_TO_Z,
    "dinosaurs": A_TO_Z,
    "cities": A_TO_Z + " áãéíóöü",
    "fruits_and_vegetables": A_TO_Z + " ",
    "invented_words": "abdehilmnoprstuvwy",
}
LEVITHEN = re.compile(
    r"({onset}[ei]([nls]?{onset}[ei]){{1,3}}n?|{onset}[aou]([nls]?{onset}[aou]){{1,3}}r?)".format(
        onset="(th|[bdlmnprstvwy])"
    )
)


def test_every_list_is_there_and_has_its_words():
    assert {f"{each}.txt" for each in lists.ORDER} == {file.name for file in lists.FOLDER.glob("*.txt")}
    assert {f"{kind}_{each}" for kind in ("list", "about") for each in lists.ORDER} <= WORDS.keys()
    assert list(ALPHABETS) == lists.ORDER


@pytest.mark.parametrize("name", lists.ORDER)
def test_a_list_is_clean_and_large_enough(name):
    texts = lists.texts(name)
    assert 300 <= len(texts) <= 700
    assert [text for text in texts if not 0 < len(text) <= 15 or text != text.strip() or "  " in text] == []
    assert [text for text, count in Counter(texts).items() if count > 1] == []
    assert texts == sorted(texts, key=lambda text: (preparation.folded(text), text))
    assert set(dataset.vocabulary_of(texts)) <= set(ALPHABETS[name])


@pytest.mark.parametrize("name", lists.ORDER)
def test_no_two_entries_of_a_list_are_the_same_thing_spelled_apart(name):
    alike = Counter(re.sub("[ -]", "", preparation.folded(text)) for text in lists.texts(name))
    assert [text for text, count in alike.items() if count > 1] == []


@pytest.mark.parametrize("name", lists.ORDER)
def test_no_letter_of_a_list_is_so_rare_that_nothing_could_be_learned_of_it(name):
    count = Counter("".join(lists.texts(name)))
    assert [letter for letter in count if count[letter] < 4] == []


@pytest.mark.parametrize("name", lists.ORDER)
def test_a_list_is_learned_from_just_as_it_stands(name):
    raw = (ROOT / lists.name(name)).read_bytes()
    assert dataset.read_texts(raw) == (lists.texts(name), [])
    prepared = preparation.prepare(raw.decode())
    assert (prepared["texts"], prepared["problem"], prepared["few"]) == (lists.texts(name), None, False)
    assert {each["what"] for each in prepared["found"]} <= {"inner", "accents"}
    assert prepared["sha256"] == dataset.digest(raw)


def test_every_letter_is_one_character_however_it_was_typed():
    for name in lists.ORDER:
        assert all(unicodedata.is_normalized("NFC", text) for text in lists.texts(name))


def test_the_invented_words_are_those_that_their_rules_give():
    words = lists.texts("invented_words")
    assert invented_words.words() == words
    assert [word for word in words if not LEVITHEN.fullmatch(word)] == []


def test_the_site_and_the_page_as_one_file_bring_the_lists_and_fetch_none_at_the_start(dist):
    page, alone = ((dist / name).read_text() for name in ("index.html", "trenchcoat.html"))
    build = {name: json.loads(re.search(r'id="build">(.*?)</script>', name_page)[1]) for name, name_page in
             (("page", page), ("alone", alone))}  # fmt: skip
    for each in build["page"]["lists"]:
        assert each["address"].startswith(f"lists/{each['id']}.txt?v=")
        assert each["count"] == len(lists.texts(each["id"]))
        assert (dist / lists.name(each["id"])).read_bytes() == (ROOT / lists.name(each["id"])).read_bytes()
    assert [each["id"] for each in build["page"]["lists"]] == lists.ORDER
    assert build["alone"]["lists"] == [{"id": each["id"], "count": each["count"]} for each in build["page"]["lists"]]
    assert all(f'data-file="{lists.name(each)}"' in alone for each in lists.ORDER)
    files = json.loads(re.search(r'id="files">(.*?)</script>', page)[1])
    assert [path for path in files if path.startswith("lists/")] == []
    assert all(lists.name(each) in (dist / "sw.js").read_text() for each in lists.ORDER)
