"""The SHA-256 of a file's content, in the forms in which the site speaks of it."""

import base64
import hashlib


def sha256(content):
    """In hexadecimal, of bytes."""
    return hashlib.sha256(content).hexdigest()


def integrity(sha256):
    """As HTML's integrity attribute and a Content-Security-Policy write it."""
    return "sha256-" + base64.b64encode(bytes.fromhex(sha256)).decode()


def query(sha256):
    """What follows the question mark in the address of a file that may be kept for ever: other content, another address."""
    return "v=" + sha256[:16]


def address(name, sha256):
    """Where the page asks for a file of the site."""
    return f"{name}?{query(sha256)}"
