"""Words as HTML, where code looks like code and the tokens they talk about look like tokens.

The page's own messages are written the same way, by web/words/say.js and setText() in web/views/element.js.
"""

import re

import markupsafe
from lesson import START, STOP

MARKED = re.compile(r"`([^`]+)`|\[([^\]]+)\]")


def token(words):
    """Tokens that are talked about: START, STOP, or the characters of a text, each by itself; spaces part them."""
    return markupsafe.Markup(" ").join(
        markupsafe.Markup("").join(each(name) for name in ([word] if word in (START, STOP) else word))
        for word in words.split(" ")
    )


def each(name):
    kind = "inline-token" if len(name) == 1 else "inline-token sentinel"
    return markupsafe.Markup('<b class="{}">{}</b>').format(kind, name)


def marked_up(words):
    """Words with `code` and [tokens] in them, as HTML."""
    html, end = markupsafe.Markup(), 0
    for mark in MARKED.finditer(words):
        code, tokens = mark.groups()
        html += words[end : mark.start()]
        html += token(tokens) if tokens else markupsafe.Markup("<code>{}</code>").format(code)
        end = mark.end()
    return html + words[end:]
