"""The page as one file, dist/trenchcoat.html: it opens by double click, with no server and no network.

Style sheet and script stand in it as text. What Python needs stands in it as inert blocks, gzipped, in base64;
web/python/embedded.js takes it out of them. The rest of the page is the same, and so is its code.
"""

import base64
import gzip
import re
from pathlib import Path

from . import ROOT, Failure, lists

NAME = "trenchcoat.html"
SCRIPTS = ["edit.js", "train.js"]  # of rooms that not everybody opens
ICON = ROOT / "web" / "icon.svg"
MOST = 9_000_000  # bytes: it should travel by mail, too


def contents(folder, files):
    """What the page carries in itself: {"style", "script", "scripts", "icon", "files": {address: base64 of its gzip}}.

    folder: the site, but for its pages. files: the addresses of what Python needs; to them come the lists to learn from,
    and the scripts of rooms that not everybody opens, which run as scripts of the page once they are unpacked.
    """
    return {
        "style": inline((folder / "style.css").read_text(encoding="utf-8")),
        "script": inline((folder / "main.js").read_text(encoding="utf-8")),
        "icon": "data:image/svg+xml;base64," + base64.b64encode(ICON.read_bytes()).decode(),
        "scripts": [(folder / script).read_text(encoding="utf-8") for script in SCRIPTS],
        "files": {
            path: packed((folder / path).read_bytes()) for path in [*files, *SCRIPTS, *map(lists.name, lists.ORDER)]
        },
    }


def packed(content):
    return base64.b64encode(gzip.compress(content, compresslevel=9, mtime=0)).decode()


def carrying_its_body(page):
    """The page with its body in it a second time, as text: copies that a browser saves of it while it runs begin with
    that (web/as_built.js)."""
    before, body, scripts = re.split("(?<=<body>)(.*?)(?=<script )", page, maxsplit=1, flags=re.DOTALL)
    if "<!--" in body:
        raise Failure("The body of the page holds <!--, which a script that carries it as text would take for its own.")
    return f'{before}{body}<script type="text/html" id="as-built">{body}</script>\n    {scripts}'


def inline(text):
    """The text of a script or style sheet, which HTML takes as it is, but for what would end it early."""
    if "<!--" in text or "</s" in text:
        raise Failure("A script or style sheet of the page holds <!-- or </s, which HTML would take for its own.")
    return text


def check(page: Path):
    """Raises Failure if the file has become too large to hand round."""
    size = page.stat().st_size
    if size > MOST:
        raise Failure(f"{page.name} would be {size / 1e6:.1f} MB; {MOST / 1e6:.0f} MB is the most it may be.")
