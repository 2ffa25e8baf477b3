"""The page shows, names and drops characters as py/characters.py does: one of them runs before Python does."""

import json
import unicodedata

import characters
import pytest

from building import ROOT, node

NAMES = json.loads((ROOT / "web" / "words" / "en" / "characters.json").read_text())
ALL = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]
PROGRAM = """
import { readFileSync } from "node:fs";
import { hasInk, named, plain, shown } from "./characters.mjs";

const answers = {};
for (const c of JSON.parse(readFileSync(0, "utf8"))) {
  answers[c] = [shown(c), hasInk(c), plain(`a${c}`, "a"), named(c)];
}
process.stdout.write(JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """What web/words/characters.js says of every character: [shown, has ink, what is left of it after an a, named]."""
    folder = tmp_path_factory.mktemp("characters")
    program = folder / "program.mjs"
    program.write_text(PROGRAM)
    node.esbuild(ROOT / "web" / "words" / "characters.js", f"--outfile={folder / 'characters.mjs'}", "--format=esm")
    return json.loads(node.run_script(program, otherwise="", given=json.dumps(ALL)))


@pytest.mark.parametrize("character", NAMES, ids=ascii)
def test_a_name_that_the_page_knows_is_the_one_that_python_gives(character):
    assert NAMES[character] == characters.named(character)


def test_every_character_is_shown_alike(page):
    assert {c: shown for c, (shown, *_) in page.items()} == {c: characters.shown(c) for c in ALL}


def test_the_same_characters_have_no_ink(page):
    assert {c for c in ALL if not page[c][1]} == {c for c in ALL if characters.without_ink(c)}


def test_what_training_leaves_out_the_page_does_not_refuse(page):
    dropped = {c for c in ALL if c != "a" and page[c][2] == "a"}
    assert dropped == {c for c in ALL if characters.clean(f"a{c}")[0] == "a"}


def test_no_name_leaves_one_guessing(page):
    """It is in words, or shows the character and its number; a letter that is known looks like none that is not."""
    for c, (shown, *_, name) in page.items():
        told = f"“{shown}” (U+{ord(c):04X})" if c > "~" else f"“{c}”"
        assert name in (NAMES.get(c), "an accent on its own", told, f"a character that cannot be seen (U+{ord(c):04X})")
    assert [c for c in "аеорсухαοıɑ\u0301\u200b\t " if "“" in page[c][3]] == []
