"""The model's Python as the page shows it, taken from the files in py/ themselves when the page is built.

Three views of it: subsections with notes beside their lines, the lines that compute each part of the picture, and
the whole file. Where the notes, or the table below, no longer fit the files, the build fails and says so.

A line is named by its text, without the indentation, or by its beginning and "…".
"""

import ast
import json
import math
import re
from urllib.parse import quote

import markupsafe
import microgpt
import pygments
from pygments.filter import Filter
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Token

from . import ROOT, Failure
from .words import marked_up

MODEL = "py/microgpt.py"
LESSON = "py/lesson.py"
NOTES = "web/words/en/notes.json"
HERE = "building/code.py"
VALUE = re.compile(r"(?<=text=)\w+|(?<=seed=)\d+")  # in a link that sets the sandbox

# The parts of the picture, by the name that the views give each (data-part): the modes that show it, first the one
# that shows it best, and the functions that compute it, or just those of their lines that matter.
PARTS = {
    "tokens": (["forward", "sample"], [(MODEL, "document"), (MODEL, "encode")]),
    "model": (
        ["forward"],
        [(MODEL, "gpt", "def gpt(…", "x = [t + p …", "for layer in …", "# Attention:…", "# MLP:…", "return linear(…")],
    ),
    "loss": (["loss"], [(MODEL, "nll"), (MODEL, "Value.log")]),
    "average": (["loss"], [(LESSON, "Lesson.price", "mean_nll = …"), (MODEL, "mean_nll", "return sum(…")]),
    "intervals": (["sample"], [(MODEL, "intervals")]),
    "draw": (["sample"], [(LESSON, "Lesson.draw", "number = …"), (MODEL, "sample")]),
    "step": (["train"], [(MODEL, "training_step")]),
    "temperature": (["sample"], [(LESSON, "Lesson.next_probs", "return …"), (MODEL, "generate", "probs = …")]),
    "probs": (["forward", "loss", "sample", "train"], [(MODEL, "softmax")]),
    "other": (["forward", "loss", "sample", "train"], [(LESSON, "Lesson.distribution", "rest = …", "return {…")]),
}

# Pygments' kinds of token that have a colour of their own; a kind stands for all the finer ones within it.
COLOURED = [
    Token.Comment,
    Token.Literal.String.Doc,
    Token.Literal,
    Token.Keyword,
    Token.Operator.Word,
    Token.Name.Function,
]


def code(vocabulary, steps, batch=1, root=ROOT, example=None):
    """All that web/code.html and web/source.html need to know of the code.

    vocabulary: the model's. steps: of its training. batch: on how many texts each. root: the folder of the project.
    example: {a text or seed that notes.json uses as an example: the one to use instead}. Raises Failure if notes, table
    and files do not fit together.
    """
    sources = {path: Source(root, path) for path in (MODEL, LESSON)}
    words = read_words(root)
    example = example or {}
    figures = numbers(vocabulary, steps, batch, example.get("ann", "ann"))
    try:
        sections = [annotate(sources[MODEL], section, example, figures) for section in words["sections"]]
        blocks = [block for section in sections for block in section["blocks"]]
        annotated = {line["number"]: block for block in blocks for line in block["lines"]}
        parts = [part(name, sources, annotated, words) for name in PARTS]
    except KeyError as missing:
        raise Failure(f"{NOTES} is not complete: a section or a part has no {missing}.") from None
    return {
        "sections": sections,
        "parts": parts,
        "file": sources[MODEL].select(range(1, len(sources[MODEL].lines) + 1)),
        "path": MODEL,
        "annotated": len(annotated),
        "left_out": sources[MODEL].definitions_outside(annotated),
    }


def numbers(vocabulary, steps, batch, text):
    """The numbers that the notes have blanks for, {name of the blank: as it reads}, and how a text reads as ids."""
    tokens, width = len(vocabulary) + 1, microgpt.n_embd
    return {
        "letters": len(vocabulary),
        "last_letter": len(vocabulary) - 1,
        "tokens": tokens,
        "weights": f"{len(microgpt.parameters(microgpt.init_weights(vocabulary))):,}",
        "layers": microgpt.n_layer,
        "width": width,
        "heads": microgpt.n_head,
        "head_width": microgpt.head_dim,
        "mlp_width": 4 * width,
        "context": microgpt.block_size,
        "last_position": microgpt.block_size - 1,
        "steps": f"{steps:,}",
        "names": "a name" if batch == 1 else f"{batch:,} names",
        "e": f"{math.e:.2f}",
        "half_nll": f"{-math.log(1 / 2):.2f}",
        "guessing_nll": f"{-math.log(1 / tokens):.2f}",
        "ann_ids": microgpt.encode(text, vocabulary),
        "ann_document": microgpt.document(text, vocabulary),
    }


def read_words(root):
    """What the page says about the code: {"sections": [{"id", "title", "intro", "do": what a reader can do with it, "say"
    and "try": {label: link}, "fold": where it opens on demand, what it does in a sentence, "region" or "functions",
    "notes": {line: note}, "larger": {line: what larger models have there}}, ...], "parts": {name: {"label", "about"}}}.

    A sentence about a section may have {blanks}, for numbers() and, in "fold", for how many lines there are.
    """
    try:
        words = json.loads((root / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(f"{NOTES} cannot be read: {error}.") from None
    odd = ", ".join(sorted(words.get("parts", {}).keys() ^ PARTS.keys()))
    if odd:
        raise Failure(f"{NOTES} and {HERE} do not name the same parts of the picture: {odd} is in one of them only.")
    return words


def annotate(source, section, example, figures):
    """A subsection cut into blocks of {"lines", "note", "larger", "parts"}: from each line with a note to the next one.

    "larger": what larger models have in place of the lines. "parts" is empty so far: those that show what the lines
    compute (see part). Where the lines are to open on demand, "fold" says what they do.
    """
    if "region" in section:
        within = source.region(section["region"])
    else:
        first, last = (source.function(name, NOTES) for name in section["functions"])
        within = range(first.lineno, last.end_lineno + 1)

    def said(words):
        try:
            return marked_up(words.format(**figures, lines=len(within)), **example)
        except KeyError as unknown:
            raise Failure(f"{NOTES} has a blank for {unknown}, but {HERE} computes no such number.") from None

    def beside(words):
        return {source.find(line, within, NOTES): said(note) for line, note in words.items()}

    notes, larger = beside(section["notes"]), beside(section.get("larger", {}))
    blocks = []
    for line in source.select(within):
        if line["number"] in notes or not blocks:
            blocks.append({"lines": [], "note": notes.get(line["number"]), "larger": [], "parts": []})
        blocks[-1]["lines"].append(line)
        if line["number"] in larger:
            blocks[-1]["larger"].append(larger[line["number"]])
    do = {"say": said(section["do"]["say"])}
    do["try"] = [
        (said(label), VALUE.sub(lambda value: quote(example.get(value[0], value[0])), link))
        for label, link in section["do"].get("try", {}).items()
    ]
    return {
        "id": section["id"],
        "title": section["title"],
        "intro": said(section["intro"]),
        "fold": said(section["fold"]) if "fold" in section else None,
        "do": do,
        "blocks": blocks,
    }


def part(name, sources, annotated, words):
    """What the page shows of a part: {"name", "label", "about", "modes", "places": [{"path", "function", "first",
    "last", "lines", "annotated": whether the first one has its place in a subsection}, ...]}.

    The first annotated line of them learns in its block that this is what it computes.
    """
    modes, table = PARTS[name]
    places = []
    for path, function, *lines in table:
        numbers = sources[path].numbers(function, lines)
        places.append(
            {
                "path": path,
                "function": function,
                "first": numbers[0],
                "last": numbers[-1],
                "lines": sources[path].select(numbers),
                "annotated": path == MODEL and numbers[0] in annotated,
            }
        )
    said = {"label": words["parts"][name]["label"], "about": marked_up(words["parts"][name]["about"])}
    shown = {"name": name, "modes": modes, "places": places, **said}
    home = next((place["first"] for place in places if place["annotated"]), None)
    if home:
        annotated[home]["parts"].append(shown)
    return shown


class Source:
    """A file of Python: its lines, counted from 1, as they stand and highlighted."""

    def __init__(self, root, path):
        self.path = path
        try:
            self.content = (root / path).read_bytes()
            text = self.content.decode("utf-8")
            self.tree = ast.parse(text)
        except (OSError, ValueError, SyntaxError) as error:
            raise Failure(f"{path} cannot be read: {error}.") from None
        lexer = PythonLexer(stripnl=False)
        lexer.add_filter(OnlyColoured())
        self.lines = text.splitlines()
        self.html = pygments.highlight(text, lexer, HtmlFormatter(nowrap=True)).splitlines()

    def select(self, numbers):
        """Lines as the page shows them: {"number", "html", "after_gap": whether some before it are left out}."""
        numbers = list(numbers)
        return [
            {"number": number, "html": markupsafe.Markup(self.html[number - 1]), "after_gap": number > before + 1}
            for before, number in zip([numbers[0] - 1, *numbers], numbers)
        ]

    def region(self, name):
        """The numbers of the lines between "# region NAME" and the next "# endregion"."""
        try:
            start = self.lines.index(f"# region {name}") + 1
            end = self.lines.index("# endregion", start)
        except ValueError:
            raise Failure(
                f"{self.path} has no subsection {name} any more (# region {name} … # endregion), but {NOTES} annotates it. "
                "Change one of them."
            ) from None
        return range(start + 1, end + 1)

    def function(self, name, asked_by):
        """The syntax tree of a function, such as softmax or Value.log."""
        node = self.tree
        for step in name.split("."):
            node = next((each for each in node.body if getattr(each, "name", None) == step), None)
            if node is None:
                raise Failure(
                    f"{self.path} has no function {name} any more, but {asked_by} names it. Change one of them."
                )
        return node

    def definitions_outside(self, numbers):
        """The functions and classes none of whose lines are among these: {"name", "line": its first} each."""
        return [
            {"name": node.name, "line": node.lineno}
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not set(range(node.lineno, node.end_lineno + 1)) & set(numbers)
        ]

    def numbers(self, function, lines):
        """The numbers of these lines of a function; if none are named, of all but its docstring."""
        node = self.function(function, HERE)
        within = range(node.lineno, node.end_lineno + 1)
        if lines:
            return [self.find(line, within, HERE) for line in lines]
        if ast.get_docstring(node) is None:
            return list(within)
        docstring = range(node.body[0].lineno, node.body[0].end_lineno + 1)
        return [number for number in within if number not in docstring]

    def find(self, wanted, within, asked_by):
        """The number of the only line in a range of them that reads like this."""
        found = [number for number in within if reads(self.lines[number - 1].strip(), wanted)]
        if len(found) == 1:
            return found[0]
        trouble = f"stands there {len(found)} times" if found else "does not stand there any more"
        raise Failure(
            f"{self.path}, lines {within.start} to {within.stop - 1}: “{wanted}” {trouble}, but {asked_by} refers to it. "
            "Change one of them."
        )


def reads(line, wanted):
    return line.startswith(wanted[:-1]) if wanted.endswith("…") else line == wanted


class OnlyColoured(Filter):
    """Leaves everything else plain, so that the page is not full of marks that look like nothing."""

    def filter(self, lexer, stream):
        for kind, text in stream:
            yield next((coloured for coloured in COLOURED if kind in coloured), Token.Text), text
