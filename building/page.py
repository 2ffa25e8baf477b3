"""web/index.html is a template. Here is what it may say, and where its variables get their values."""

import json

import jinja2
import markupsafe
import microgpt
import weights_file

from . import COMMAND, ROOT, WEIGHTS, Failure, code, figures, lists, node, onefile
from .digest import address, integrity
from .policy import policy
from .words import face, marked_up, spelled, token

WEB = ROOT / "web"
TOLD = {  # by the lesson, of the training
    **dict.fromkeys(("steps", "n_learned_from", "n_held_out", "held_out_loss", "n_different"), int | float),
    **{"examples": list, "begin_with": dict, "written": dict},
}
NEEDED = ("worker.js", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.bin", "weights/", "py/")
NOT_YET = (  # no room of the page asks for what is in them before somebody trains, or edits
    "py/characters.py",
    "py/dataset.py",
    "py/decoding.py",
    "py/layout.py",
    "py/minibatch.py",
    "py/one_step.py",
    "py/preparation.py",
    "py/takeover.py",
    "py/tape.py",
    "py/told_trainer.py",
    "py/traced.py",
    "py/tracing.py",
    "py/trainer.py",
    "py/training.py",
)
NOT_YET += (
    "py/edited.py",
    "py/checked_lesson.py",
    "py/error_report.py",
    "py/checks.py",
    "py/explained.py",
    "py/causes.py",
    "py/pasted.py",
)  # the editor brings them (web/edit/)


def variables():
    """What the template says wherever the page is put."""
    matrices, vocabulary, training = weights()
    computed = figures.pictures()
    return {
        "build": {"vocabulary": vocabulary}
        | {each: computed[each] for each in ("start", "examples", "clips", "compared", "game")},
        "first": node.bundled(WEB / "first.js", "--format=iife", "--target=es2022").strip(),
        "words": json.loads((WEB / "words" / "en" / "messages.json").read_text(encoding="utf-8")),
        "figures": figures.draw(computed),
        "computed": computed,
        "example": computed["example"],
        "code": code.code(vocabulary, training["steps"], training["batch"], example=computed["example"]),
        "training": training,
        "shape": shape(matrices, vocabulary),
    }


def weights():
    """What the file of weights holds, checked as the page checks it."""
    try:
        weights, vocabulary, training = weights_file.load(WEIGHTS.read_text(encoding="utf-8"))
        missing = ", ".join(name for name, kind in TOLD.items() if not isinstance(training.get(name), kind))
        if missing:
            raise ValueError(f"They do not say how they were trained: nothing for {missing}.")
    except ValueError as error:
        raise Failure(f"weights/microgpt.json: {error} Train the model again: {COMMAND} train") from None
    return weights, vocabulary, {"batch": 1, **training}


def shape(matrices, vocabulary):
    """How large the model is, in the numbers by which models are compared."""
    return {
        "vocabulary": len(vocabulary) + 1,  # START and STOP are one token more
        "parameters": len(microgpt.parameters(matrices)),
        "layers": microgpt.n_layer,
        "heads": microgpt.n_head,
        "width": microgpt.n_embd,
        "context": microgpt.block_size,
    }


def number(value, digits):
    """A number as the page shows it, its full value beside it."""
    return markupsafe.Markup('<data value="{!r}">{:.{}f}</data>').format(value, value, digits)


def whole(value):
    return markupsafe.Markup('<data value="{}">{:,}</data>').format(value, value)


def percent(value):
    return markupsafe.Markup('<data value="{!r}">{:.1%}</data>').format(value, value)


def rounded(value):
    return markupsafe.Markup('<data value="{!r}">{:,.0f}</data>').format(value, value)


def numbers(values, digits):
    return listed(number(value, digits) for value in values)


def listed(items):
    """a, b and c, as HTML."""
    *first, last = items
    return markupsafe.Markup(" and ").join([markupsafe.Markup(", ").join(first), last] if first else [last])


def needed(assets):
    """Those of the site's assets that Python needs to start: {name: {"address", "size", "integrity"}}."""
    return {
        name: {
            "address": address(name, asset["sha256"]),
            "size": asset["size"],
            "integrity": integrity(asset["sha256"]),
        }
        for name, asset in assets.items()
        if name.startswith(NEEDED) and name not in NOT_YET
    }


def scripts(assets):
    """Where the scripts are that are fetched when somebody opens their room: {file: {"address", "integrity"}}."""
    digests = {file: assets[file]["sha256"] for file in onefile.SCRIPTS}
    return {
        file: {"address": address(file, sha256), "integrity": integrity(sha256)} for file, sha256 in digests.items()
    }


def render(variables, assets, alone=None):
    """The finished page: HTML in which every value is escaped.

    variables: as variables() returns them. assets: {name: {"size", "sha256"}} of every other file of the site.
    alone: what the page carries in itself if it is one file (see onefile.py); it names no other file then.
    """
    first = variables["first"]
    variables = variables | {
        "build": variables["build"]
        | {"alone": alone is not None, "scripts": None if alone else scripts(assets)}
        | {"lists": lists.described(assets, alone)},
        "files": needed(assets),
        "alone": alone,
        "policy": policy([first, alone["script"], *alone["scripts"]], alone["style"]) if alone else policy([first]),
        "address": lambda name: address(name, assets[name]["sha256"]),
        "integrity": lambda name: integrity(assets[name]["sha256"]),
        "sha256": lambda name: assets[name]["sha256"],
        "onefile": None if alone else {"name": onefile.NAME, "size": assets[onefile.NAME]["size"]},
    }
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": number,
        "rounded": rounded,
        "numbers": numbers,
        "listed": listed,
        "percent": percent,
        "whole": whole,
        "token": token,
        "spelled": spelled,
        "face": face,
        "marked_up": marked_up,
    }
    try:
        return environment.get_template("index.html").render(variables)
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"web/{error.name}, line {error.lineno}: {error.message}.") from None
    except jinja2.TemplateError as error:
        raise Failure(f"web/index.html cannot be made into a page: {error}.") from None
