"""A file's bytes as text: which encoding it is in, as far as bytes can tell."""

import codecs

MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "windows-1252", "windows-1250", "windows-1251"]
# What files that are no text begin with.
KINDS = {
    b"PK\3\4": "office",  # .xlsx, .docx, .ods: all of them are zip files
    b"\xd0\xcf\x11\xe0": "office",  # .xls, .doc
    b"{\\rtf": "office",
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
}
NO_TEXT_HAS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


def kind_of(raw):
    """What the bytes are if they are no text: "office", "pdf", "picture" or "binary"; None if they may be one."""
    for beginning, kind in KINDS.items():
        if raw.startswith(beginning):
            return kind
    return None if encoding_of(raw) else "binary"


def encoding_of(raw):
    """The likeliest of ENCODINGS, None if the bytes are no text in any of them.

    A mark at the beginning says it. Without one, zeros in every other byte make it UTF-16; hardly anything but UTF-8 is
    right as UTF-8; and the rest is taken for windows-1252, in which almost anything is a text.
    """
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return encoding
    for encoding in ("utf-16-le", "utf-16-be"):
        if b"\0" in raw and looks_like_utf_16(raw, encoding):
            return encoding
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return None if any(byte in raw for byte in NO_TEXT_HAS) else "windows-1252"


def looks_like_utf_16(raw, encoding):
    """Whether zeros stand where Latin letters and line ends have them in this encoding, and hardly anywhere else."""
    here, elsewhere = (raw[1::2], raw[::2]) if encoding == "utf-16-le" else (raw[::2], raw[1::2])
    if here.count(0) <= 10 * elsewhere.count(0):
        return False
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return "\n" in text or "\r" in text or here.count(0) * 2 > len(here)


def has_mark(raw):
    return raw.startswith(tuple(MARKS))


def decode(raw, encoding):
    """The text without its mark. What cannot be read in this encoding becomes U+FFFD, as everywhere."""
    return raw.decode(encoding, "replace").removeprefix("\ufeff")
