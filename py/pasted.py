"""What a word processor or a web page makes of code, made plain again: curly quotes, long dashes, spaces of other kinds."""

import unicodedata

import characters

DOUBLE, SINGLE = "“”„‟«»″＂", "‘’‚‛′＇"
QUOTES = {**dict.fromkeys(DOUBLE, '"'), **dict.fromkeys(SINGLE, "'"), '"': '"', "'": "'"}
SIGNS = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("×∗", "*"),
    **dict.fromkeys("÷∕", "/"),
    **{"…": "...", "≤": "<=", "≥": ">=", "≠": "!=", "\u2028": "\n", "\u2029": "\n", "\0": ""},
}
# Letters that look like those of the Latin alphabet, and stand for them in no word.
LOOKS_LIKE = dict(zip("аеорсухіјѕԁһВЕКМНОРСТХАІЅαορν", "aeopcyxijsdhBEKMHOPCTXAISaopv"))


def plain(character):
    """What Python wants to read in place of this character in code: itself, where there is nothing better."""
    if character.isascii() and character != "\0":
        return character
    if character in QUOTES or character in SIGNS:
        return QUOTES.get(character) or SIGNS[character]
    if characters.is_space(character):
        return " "
    if characters.without_ink(character):
        return ""
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if narrow.isascii() and len(narrow) == 1 else character


def plain_code(source):
    """The source with all of these replaced that are code: what stands within quotes and comments stays as it is.

    Returns (source, the characters that were replaced, each once).
    """
    made, replaced, at = [], {}, 0
    while at < len(source):
        end = at + 1
        if source[at] == "#":
            end = line_end(source, at)
        elif source[at] in QUOTES:
            width, inside = opening(source, at), at
            inside += width
            close = closing(source, inside, source[at], width)
            end = min(close + width, len(source))
            for part in (range(at, inside), range(close, end)):
                replaced |= dict.fromkeys(source[i] for i in part if source[i] not in "'\"")
            made.append("".join(QUOTES[source[i]] for i in range(at, inside)))
            made.append(source[inside:close])
            made.append("".join(QUOTES.get(source[i], source[i]) for i in range(close, end)))
            at = end
            continue
        elif plain(source[at]) != source[at]:
            replaced[source[at]] = True
            made.append(plain(source[at]))
            at = end
            continue
        made.append(source[at:end])
        at = end
    return "".join(made), list(replaced)


def opening(source, at):
    """How many quotes begin the string that begins here: 3 or 1."""
    three = source[at : at + 3]
    return 3 if len(three) == 3 and len({QUOTES.get(each) for each in three}) == 1 else 1


def closing(source, at, quote, width):
    """Where the quotes stand that end a string whose inside begins here; the end of its line or file if none do."""
    last = len(source) if width == 3 else line_end(source, at)
    kinds = [quote] if quote in "'\"" else []  # one typed plainly ends with one of its own kind, if it can
    for wanted in [*kinds, *(each for each in QUOTES if QUOTES[each] == QUOTES[quote])]:
        alike = {wanted} if kinds and wanted == quote else {each for each in QUOTES if QUOTES[each] == QUOTES[quote]}
        i = at
        while i < last:
            if source[i] == "\\":
                i += 2
            elif all(each in alike for each in source[i : i + width]) and i + width <= last:
                return i
            else:
                i += 1
    return last


def line_end(source, at):
    end = source.find("\n", at)
    return len(source) if end < 0 else end
