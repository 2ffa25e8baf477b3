"""web/index.html is a template. Here is what it may say, and where its variables get their values."""

import json
import sys

import jinja2
import markupsafe

from . import ROOT, Failure, code, figures

sys.path.insert(0, str(ROOT / "py"))
import weights_file  # noqa: E402

WEB = ROOT / "web"


def variables(version, assets):
    """All that the template knows, by name.

    version: what this build is called; the page, its assets and its offline copy agree on it.
    assets: {address: {"size", "sha256"}} of every other file of the site.
    """
    weights = json.loads((ROOT / "weights" / "microgpt.json").read_text())
    computed = figures.pictures()
    python_needs = ("pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "weights/", "py/")
    build = {
        "version": version,
        "vocabulary": weights["vocabulary"],
        "files": {path: {"size": file["size"]} for path, file in assets.items() if path.startswith(python_needs)},
        "start": computed["start"],
        "clips": computed["clips"],
    }
    return {
        "build": build,
        "words": json.loads((WEB / "words" / "en" / "messages.json").read_text()),
        "figures": figures.draw(computed),
        "computed": computed,
        "code": code.code(),
        "training": weights["training"],
    }


def number(value, digits):
    """A number as the page shows it, its full value beside it."""
    return markupsafe.Markup('<data value="{!r}">{:.{}f}</data>').format(value, value, digits)


def percent(value):
    return markupsafe.Markup('<data value="{!r}">{:.1%}</data>').format(value, value)


def render(version, assets):
    """The finished page: HTML in which every value is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": number, "percent": percent}
    try:
        return environment.get_template("index.html").render(variables(version, assets))
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"web/{error.name}, line {error.lineno}: {error.message}.") from None
    except jinja2.TemplateError as error:
        raise Failure(f"web/index.html cannot be made into a page: {error}.") from None
