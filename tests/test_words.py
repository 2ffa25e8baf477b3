"""What the page says: words in which code looks like code, and a token that is talked about like a token."""

import json
import re
from html import unescape

import pytest

from building import ROOT
from building.words import marked_up, token

WORDS = ROOT / "web" / "words" / "en"
MESSAGES = json.loads((WORDS / "messages.json").read_text())
MESSAGES |= {f"step {name}": words for name, words in json.loads((WORDS / "one_step.json").read_text()).items()}
HOLDS_TOKENS = {"token", "tokens", "text", "guess", "true", "best"}  # the blanks that do
HEARD = re.compile("announce_|position_name")  # messages that nobody sees

A, N = (f'<b translate="no" class="inline-token notranslate">{letter}</b>' for letter in "an")
START = '<b translate="no" class="inline-token sentinel notranslate">START</b>'

SPACE = (
    '<b translate="no" class="inline-token notranslate">'
    '<span aria-hidden="true">␣</span><span class="sr-only">space</span></b>'
)
CODE = '<code class="notranslate" translate="no">'


@pytest.mark.parametrize(
    "words, html",
    [
        ("a", A),
        ("ann", A + N + N),
        ("START", START),
        ("START a n", f"{START} {A} {N}"),
        ("<", '<b translate="no" class="inline-token notranslate">&lt;</b>'),
        (" ", SPACE),
    ],
)
def test_every_token_is_an_element_of_its_own(words, html):
    assert token(words) == html


@pytest.mark.parametrize(
    "words, html",
    [
        ("After [a] comes [n].", f"After {A} comes {N}."),
        ("[ann] is `[0, 13, 13]`", f"{A}{N}{N} is {CODE}[0, 13, 13]</code>"),
        ("<b>bold</b> & `x < y`", f"&lt;b&gt;bold&lt;/b&gt; &amp; {CODE}x &lt; y</code>"),
    ],
)
def test_brackets_mark_tokens_and_backticks_code_and_nothing_else_is_markup(words, html):
    assert marked_up(words) == html


def test_a_text_in_a_blank_is_spelled_with_its_spaces():
    assert marked_up("[{text}] or [a]", text="a n") == f"{A}{SPACE}{N} or {A}"


def test_the_pages_own_messages_write_tokens_in_the_same_way(dist):
    captions = "".join(re.findall(r"<ol>.*?</ol>", (dist / "index.html").read_text(), re.DOTALL))
    written = re.findall(r"(<b [^>]*>([^<]*)</b>)", captions)
    assert len(written) > 30
    assert [html for html, text in written if html != token(unescape(text))] == []


@pytest.mark.parametrize("name", [name for name in MESSAGES if not HEARD.match(name)])
def test_a_message_marks_every_token_that_it_talks_about(name):
    rest = re.sub(r"\[[^\]]*\]", "", MESSAGES[name])
    assert not re.search(r"\bSTART\b|\bSTOP\b", rest)
    assert not HOLDS_TOKENS & set(re.findall(r"\{(\w+)\}", rest))


@pytest.mark.parametrize("path", [*WORDS.glob("*.html"), WORDS / "notes.json"], ids=lambda path: path.name)
def test_the_lesson_and_the_notes_mark_every_sentinel_that_they_talk_about(path):
    rest = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\[.*?\]|`.*?`", "", path.read_text().replace('": [', '": '))
    assert not re.search(r"\bSTART\b|\bSTOP\b", rest)


@pytest.mark.parametrize("path", [*WORDS.glob("*.html")], ids=lambda path: path.name)
def test_the_lesson_marks_every_token_that_python_names(path):
    assert re.findall(r"\{\{ [\w.\[\]:-]*\.(?:token|guess|true|text) \}\}", path.read_text()) == []
