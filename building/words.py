"""Words as HTML, where code looks like code and the tokens they talk about look like tokens.

The page's own messages are written the same way, by web/words/say.js and setText() in web/views/element.js.
"""

import re

import characters
import markupsafe
from lesson import START, STOP

MARKED = re.compile(r"`([^`]+)`|\[([^\]]+)\]")


def token(words):
    """Tokens that are talked about: START, STOP, or the characters of a text, each by itself; spaces part them."""
    return (
        spelled(words)
        if words == " "
        else markupsafe.Markup(" ").join(
            markupsafe.Markup("").join(each(name) for name in ([word] if word in (START, STOP) else word))
            for word in words.split(" ")
        )
    )


def spelled(text):
    """The characters of a text that is talked about, its spaces among them."""
    return markupsafe.Markup("").join(each(character) for character in text)


def each(name):
    kind = "inline-token" if len(name) == 1 else "inline-token sentinel"
    return markupsafe.Markup('<b translate="no" class="{} notranslate">{}</b>').format(kind, face(name))


def face(name):
    """What a token looks like, and where that would not be heard, what it is called."""
    if len(name) > 1:
        return name
    shown = characters.shown(name)
    if not characters.without_ink(name):
        return shown
    called = characters.named(name).partition(" ")[2]
    return markupsafe.Markup('<span aria-hidden="true">{}</span><span class="sr-only">{}</span>').format(shown, called)


def marked_up(words, **blanks):
    """Words with `code` and [tokens] in them, as HTML; [blank] or [{blank}] holds the characters of a text."""
    html, end = markupsafe.Markup(), 0
    for mark in MARKED.finditer(words):
        code, tokens = mark.groups()
        html += words[end : mark.start()]
        if tokens is None:
            html += markupsafe.Markup('<code class="notranslate" translate="no">{}</code>').format(code)
        elif tokens.strip("{}") in blanks:
            html += spelled(blanks[tokens.strip("{}")])
        else:
            html += token(tokens)
        end = mark.end()
    return html + words[end:]
