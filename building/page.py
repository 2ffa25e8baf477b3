"""web/index.html is a template. Here is what it may say, and where its variables get their values."""

import json
import sys

import jinja2
import markupsafe

from . import ROOT, Failure, code, figures

sys.path.insert(0, str(ROOT / "py"))
import weights_file  # noqa: E402

WEB = ROOT / "web"


def variables(assets):
    """All that the template knows, by name.

    assets: {address: {"size", "sha256"}} of every other file of the site.
    """
    _, vocabulary, training = weights()
    computed = figures.pictures()
    python_needs = ("pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "weights/", "py/")
    build = {
        "vocabulary": vocabulary,
        "files": {path: {"size": file["size"]} for path, file in assets.items() if path.startswith(python_needs)},
        "start": computed["start"],
        "clips": computed["clips"],
    }
    return {
        "build": build,
        "words": json.loads((WEB / "words" / "en" / "messages.json").read_text(encoding="utf-8")),
        "figures": figures.draw(computed),
        "computed": computed,
        "code": code.code(),
        "training": training,
    }


def weights():
    """What the file of weights holds, checked as the page checks it."""
    try:
        return weights_file.load((ROOT / "weights" / "microgpt.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise Failure(f"weights/microgpt.json: {error} Train the model again: python3 build.py train") from None


def number(value, digits):
    """A number as the page shows it, its full value beside it."""
    return markupsafe.Markup('<data value="{!r}">{:.{}f}</data>').format(value, value, digits)


def percent(value):
    return markupsafe.Markup('<data value="{!r}">{:.1%}</data>').format(value, value)


def render(assets):
    """The finished page: HTML in which every value is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": number, "percent": percent}
    try:
        return environment.get_template("index.html").render(variables(assets))
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"web/{error.name}, line {error.lineno}: {error.message}.") from None
    except jinja2.TemplateError as error:
        raise Failure(f"web/index.html cannot be made into a page: {error}.") from None
