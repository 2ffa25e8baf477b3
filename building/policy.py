"""The Content-Security-Policy that stands in the page: what it may run, load and talk to. Everything else is refused.

Python's worker is held to it as well, because it starts from a Blob (see web/python/worker.js).
"""

from .digest import integrity, sha256


def policy(scripts, style=None):
    """The policy of a page with these scripts in itself: they run because their digests are named.

    style: the text of the style sheet if that too stands in the page. Then the page is one file, which needs
    nothing from anywhere, and may ask for nothing.
    """
    if style is None:
        rules = {
            "script-src": ["'self'", *map(digest, scripts), "'wasm-unsafe-eval'"],
            "style-src": ["'self'"],
            "connect-src": ["'self'"],
            "img-src": ["'self'"],
            "manifest-src": ["'self'"],
            "worker-src": ["'self'", "blob:"],  # the service worker's, and Python's
        }
    else:
        rules = {
            "script-src": [*map(digest, scripts), "'wasm-unsafe-eval'"],
            "style-src": [digest(style)],
            "img-src": ["data:"],
            "worker-src": ["blob:"],
        }
    rules |= {
        "style-src-attr": ["'unsafe-inline'"],  # how long a bar is, in the figures drawn at build time
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(["default-src 'none'", *(" ".join([name, *sources]) for name, sources in rules.items())])


def digest(text):
    """How a policy names a script or style sheet that stands in the page."""
    return f"'{integrity(sha256(text.encode()))}'"
