"""web/index.html is a template. Here is what it may say, and where its variables get their values."""

import json
import sys

import jinja2

from . import ROOT, Failure

sys.path.insert(0, str(ROOT / "py"))
import weights_file  # noqa: E402

WEB = ROOT / "web"


def variables(version, assets):
    """All that the template knows, by name.

    version: what this build is called; the page, its assets and its offline copy agree on it.
    assets: {address: {"size", "sha256"}} of every other file of the site.
    """
    python_needs = ("pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "weights/", "py/")
    build = {
        "version": version,
        "vocabulary": vocabulary(),
        "files": {path: {"size": file["size"]} for path, file in assets.items() if path.startswith(python_needs)},
    }
    return {"build": build, "words": words("en")}


def vocabulary():
    """The characters that the weights are for; the weights are checked on the way."""
    try:
        return weights_file.load((ROOT / "weights" / "microgpt.json").read_text(encoding="utf-8"))[1]
    except ValueError as error:
        raise Failure(f"weights/microgpt.json: {error} Train the model again: python3 build.py train") from None


def words(language):
    """What the page says to people, in one language."""
    path = WEB / "words" / f"{language}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(f"{path.relative_to(ROOT)} cannot be read: {error}.") from None


def render(version, assets):
    """The finished page: HTML in which every value is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template("index.html").render(variables(version, assets))
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"web/{error.name}, line {error.lineno}: {error.message}.") from None
    except jinja2.TemplateError as error:
        raise Failure(f"web/index.html cannot be made into a page: {error}.") from None
