"""How a character is shown and named, so that a person can tell it; and what is left out of a text unseen.

Needs `unicodedata`. Whatever shows or refuses a character takes its words from here.
"""

import unicodedata
from collections import Counter
from functools import cache

NAMES = {
    "\0": "a zero byte",
    "\t": "a tab",
    "\n": "a line feed",
    "\r": "a carriage return",
    "\x1b": "an escape character",
    " ": "a space",
    "\x7f": "a delete character",
    "\xa0": "a no-break space",
    "\xad": "a soft hyphen",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a word joiner",
    "\ufeff": "a byte order mark",
}
DRAWN = {" ": "␣", "\t": "⇥"}
NO_ALPHABETS = {"FULLWIDTH", "HALFWIDTH", "MATHEMATICAL", "MODIFIER"}  # other first words of the names of letters
# What names say of a letter before they say which: "CYRILLIC SMALL LETTER A".
KINDS = ("CAPITAL", "SMALL", "LETTER", "SYLLABLE", "VOWEL", "CONSONANT", "LIGATURE", "DIGIT", "SIGN", "CHARACTER")
# Categories of Unicode: spaces; with them, controls, formats, ends of lines, and what nobody has defined; and what
# stands on, around or beside the letter before it.
SPACES = {"Zs"}
NO_INK = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp", *SPACES}
MARKS = {"Mn", "Me", "Mc"}

ALPHABETS_ALIKE = ("LATIN", "GREEK", "CYRILLIC")  # an a, an α, an а
JOINERS = "\u200c\u200d"  # Persian, the scripts of India and pictures of families need them
NEED_NO_JOINER = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")
# Format characters that are seen: the signs over Arabic and Kaithi numbers.
WITH_INK = {
    *map(chr, range(0x600, 0x606)),
    "\u06dd",
    "\u070f",
    "\u0890",
    "\u0891",
    "\u08e2",
    "\U000110bd",
    "\U000110cd",
}
# Not called format characters, and yet never seen: fillers of Korean, and what chooses between two pictures of one sign.
UNSEEN = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0",
    *map(chr, range(0x180B, 0x180F)),
    *map(chr, range(0xFE00, 0xFE10)),
}
UNSEEN |= set(map(chr, range(0xE0100, 0xE01F0)))
BLANK = "\u2800"  # Braille's space


def shown(character):
    """The character as it can be seen: a space as ␣, a mark on a circle, what has no ink by its number."""
    kind = unicodedata.category(character)
    if character in DRAWN:
        return DRAWN[character]
    if kind in MARKS and character not in UNSEEN:
        return "◌" + character
    return number(character) if without_ink(character) else character


def named(character):
    """What to call it, with its article: "a tab", "a Cyrillic a", "an accent on its own"."""
    if character in NAMES:
        return NAMES[character]
    name = unicodedata.name(character, "")
    if not name:
        control = unicodedata.category(character) == "Cc"
        return ("a control character, " if control else "a character without a name, ") + number(character)
    if name.startswith("COMBINING "):
        return "an accent on its own"
    if name.startswith("CJK "):
        return "the Chinese character " + character
    words = readable(name) if unicodedata.category(character)[0] in "LM" else name.lower()
    if without_ink(character):
        words += f" ({number(character)})"
    return ("an " if words[0] in "aeioAEIO" else "a ") + words


def readable(name):
    """A name of Unicode's as one would say it: "CYRILLIC SMALL LETTER A" as "Cyrillic a"."""
    words = name.split()
    first = next((i for i, word in enumerate(words) if word in KINDS), 0)
    if not first or words[0] in NO_ALPHABETS:
        return name.lower()
    script, letter = [word.capitalize() for word in words[:first]], words[first:]
    small = letter[:2] == ["SMALL", "LETTER"]
    capital = letter[:2] == ["CAPITAL", "LETTER"]
    if capital:
        return " ".join([*script, "capital", letter[2].capitalize(), *map(str.lower, letter[3:])])
    return " ".join([*script, *map(str.lower, letter[2:] if small else letter)])


def number(character):
    return f"U+{ord(character):04X}"


def without_ink(character):
    """Whether nothing is seen of it."""
    return (
        character in UNSEEN
        or character == BLANK
        or (unicodedata.category(character) in NO_INK and character not in WITH_INK)
    )


def is_space(character):
    return unicodedata.category(character) in SPACES or character == BLANK


def clean(text):
    """A text with one way to write each letter, and nothing in it that can neither be seen nor means anything.

    Returns (text, {character: how many of it were left out}, {character: how many were made a plain space}, whether
    letters were put together: an e and an accent into é). What ends a line and control characters stay as they are.
    """
    left_out, made_plain, plain = Counter(), Counter(), text
    if any(map(may_change, set(text))):  # hardly ever, and to look at each in its place takes long
        plain = ""
        for before, character, after in zip(" " + text, text, text[1:] + " "):
            if dispensable(character, before, after):
                left_out[character] += 1
            elif character != " " and is_space(character):
                made_plain[character] += 1
                plain += " "
            else:
                plain += character
    composed = unicodedata.normalize("NFC", plain)
    return composed, left_out, made_plain, composed != plain


@cache
def may_change(character):
    """Whether there are texts of which clean() does not leave this character as it is."""
    return dispensable(character, "a", "a") or (character != " " and is_space(character))


def dispensable(character, before, after):
    """Whether a text says the same without this character, which stands between those two others."""
    if character in JOINERS:
        return not (joins(before) and joins(after))
    return character in UNSEEN or (unicodedata.category(character) == "Cf" and character not in WITH_INK)


def joins(character):
    """Whether a joiner beside this character can matter."""
    return (
        not character.isascii()
        and not is_space(character)
        and not unicodedata.name(character, "").startswith(NEED_NO_JOINER)
    )


def mixed(text):
    """Those of its letters that look like letters of the alphabet that most of it is written in, but are of another."""
    if len({alphabet(character) for character in set(text)}.intersection(ALPHABETS_ALIKE)) < 2:
        return []
    alphabets = [alphabet(character) for character in text]
    known = Counter(each for each in alphabets if each in ALPHABETS_ALIKE)
    (most, _), *_ = known.most_common()
    return [character for character, each in zip(text, alphabets) if each in known and each != most]


@cache
def alphabet(character):
    return unicodedata.name(character, "").partition(" ")[0]
