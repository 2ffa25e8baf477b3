"""The page's standard library: small, compiled, and complete enough for the page and its visitors."""

import re
import zipfile

import pytest

from building import Failure, stdlib
from tests import in_page

RUN_EACH = """
import json, traceback

answers = {}
for code in request:
    try:
        namespace = {}
        exec(code, namespace)
        answers[code] = namespace.get("answer")
    except BaseException as error:
        answers[code] = f"{type(error).__name__}: {error}"
with open("answers.json", "w") as file:
    json.dump(answers, file)
"""

WORKS = [
    ("import sys; answer = type(sys.modules['_colorize']).__name__", "_LazyModule"),  # until there is an error to show
    ("import ast; answer = ast.unparse(ast.parse('1+1'))", "1 + 1"),
    ("import bisect; answer = bisect.bisect([1, 3], 2)", 1),
    ("import collections; answer = collections.Counter('anna').most_common(1)", [["a", 2]]),
    ("import copy; answer = copy.deepcopy([[1]])", [[1]]),
    ("from dataclasses import make_dataclass; answer = make_dataclass('P', ['x'])(1).x", 1),
    ("import datetime; answer = datetime.date(2024, 2, 28).isoformat()", "2024-02-28"),
    ("import functools; answer = functools.singledispatch(lambda x: x)(1)", 1),
    ("import hashlib; answer = hashlib.sha256(b'').hexdigest()[:8]", "e3b0c442"),
    ("import heapq; answer = heapq.nsmallest(1, [2, 1])", [1]),
    ("import inspect; answer = str(inspect.signature(lambda a, *b: a))", "(a, *b)"),
    ("import itertools; answer = list(itertools.pairwise('abc'))", [["a", "b"], ["b", "c"]]),
    ("import json; answer = json.loads('[1, 2.5]')", [1, 2.5]),
    ("import math; answer = math.log(1)", 0.0),
    ("import operator; answer = operator.itemgetter(1)('ab')", "b"),
    ("import pprint; answer = pprint.pformat({'a': 1})", "{'a': 1}"),
    ("import random; answer = random.Random(1).choice('ab')", "a"),
    ("import re; answer = re.sub('[aeiou]', '', 'jacob')", "jcb"),
    ("import statistics; answer = statistics.NormalDist(1, 2).mean", 1.0),
    ("import string; answer = string.Template('$a').substitute(a=1)", "1"),
    ("import textwrap; answer = textwrap.fill('a b', 1)", "a\nb"),
    ("import time; answer = time.strptime('2024', '%Y').tm_year", 2024),
    ("import timeit; answer = timeit.timeit(number=0) >= 0", True),
    ("import traceback; answer = traceback.format_exception_only(KeyError(1))", ["KeyError: 1\n"]),
    ("import typing\nclass A: x: 'int'\nanswer = typing.get_type_hints(A)['x'].__name__", "int"),
    ("import sys; sys.set_int_max_str_digits(0); answer = int('9' * 20_000) == 10**20_000 - 1", True),
    ("import random; answer = random.shuffle.__doc__[:7]", "Shuffle"),
    ("open('a.txt', 'w', encoding='latin-1').write('é'); answer = len(open('a.txt', 'rb').read())", 1),
    # The encodings that people's files are in.
    ("answer = [b'\\x9c'.decode(f'windows-{n}') for n in (1250, 1251, 1252)]", ["ś", "њ", "œ"]),
    ("answer = [b'\\0a'.decode('utf-16-be'), b'a\\0'.decode('utf-16-le')]", ["a", "a"]),
    # Modules of the library look like any others, though something of our own finds them.
    ("import json; answer = json.decoder.__file__.endswith('.zip/json/decoder.pyc')", True),
    ("import json; answer = [json.decoder.__package__, json.__spec__.submodule_search_locations == json.__path__]",
     ["json", True]),
    ("import json; answer = type(json.__loader__).__name__", "Library"),
    ("import inspect, json\ntry: inspect.getsource(json)\nexcept OSError as error: answer = str(error)",
     "could not get source code"),
    ("import asyncio; answer = asyncio.Queue(1).full()", False),  # which can do without ssl
    # A word that is nearly a keyword is looked for only when a syntax error is shown.
    ("import traceback\ntry: compile('whille True:\\n pass', '', 'exec')\n"
     "except SyntaxError as error: answer = traceback.format_exception_only(error)[-1]",
     "SyntaxError: invalid syntax. Did you mean 'while'?\n"),
    # Where a line of the library is not at hand, the traceback does without it.
    ("import json, traceback\ntry: json.loads('{')\nexcept ValueError: answer = 'decoder.py' in traceback.format_exc()",
     True),
]  # fmt: skip

LEFT_OUT = [
    ("import sqlite3", "sqlite3"),
    ("import ssl", "ssl"),
    ("import turtle", "turtle"),  # which Pyodide itself does not have
    ("import xml.etree.ElementTree", "xml"),
    ("import importlib.metadata", "importlib.metadata"),
    ("from importlib import metadata", "importlib.metadata"),
    ("from concurrent.futures import ThreadPoolExecutor", "concurrent.futures.thread"),
]

NOT_OURS_TO_EXPLAIN = [
    ("import numpy", "ModuleNotFoundError: No module named 'numpy'"),
    ("from collections import Conter", "ImportError: cannot import name 'Conter' from 'collections'"),
    ("import json.nothing", "ModuleNotFoundError: No module named 'json.nothing'"),
    ("'a'.encode('cp437')", "LookupError: unknown encoding: cp437"),
]


@pytest.fixture(scope="module")
def archive():
    return stdlib.build()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each piece of code leaves in `answer`, or the error it ends in, with this library and the page's engine, and no others."""
    codes = [code for code, _ in WORKS + LEFT_OUT + NOT_OURS_TO_EXPLAIN]
    codes += stdlib.page_imports()
    return in_page.answers(tmp_path_factory.mktemp("pyodide"), RUN_EACH, codes)


@pytest.mark.parametrize("code, answer", WORKS, ids=[re.split("[;\n]", code)[0] for code, _ in WORKS])
def test_what_learners_commonly_import_works(answers, code, answer):
    assert answers[code] == answer


def test_every_module_promised_to_learners_is_tried_here():
    assert set(stdlib.FOR_LEARNERS) <= {
        name for code, _ in WORKS for name in re.findall(r"(?:import|from) (\w+)", code)
    }


def test_whatever_the_page_imports_is_there(answers):
    assert {answers[statement] for statement in stdlib.page_imports()} == {None}


@pytest.mark.parametrize("code, name", LEFT_OUT)
def test_importing_what_was_left_out_says_so_and_names_what_there_is(answers, code, name):
    assert answers[code].startswith(f"ModuleNotFoundError: {name} is part of Python, but was left out of this page")
    assert all(kept in answers[code] for kept in stdlib.FOR_LEARNERS)


@pytest.mark.parametrize("code, error", NOT_OURS_TO_EXPLAIN)
def test_other_failed_imports_are_told_in_pythons_own_words(answers, code, error):
    assert answers[code].startswith(error)


def test_it_is_small_and_all_of_it_compiled(archive):
    assert archive.stat().st_size < 800_000
    with zipfile.ZipFile(archive) as files:
        beginnings = ["encodings/__init__.pyc", "encodings/aliases.pyc", "encodings/utf_8.pyc", "sitecustomize.pyc"]
        assert sorted(files.namelist()) == [*beginnings[:3], "packed", beginnings[3]]


def test_the_site_has_it(archive, dist):
    assert (dist / "pyodide" / "python_stdlib.bin").read_bytes() == archive.read_bytes()


def test_it_is_made_once(archive, monkeypatch):
    monkeypatch.setattr(stdlib, "in_pyodide", lambda *_: pytest.fail("made again"))
    assert stdlib.build() == archive


@pytest.mark.parametrize(
    "source, statements",
    [
        ("import math", ["import math"]),
        ("import os.path as p, json", ["import json", "import os.path"]),
        ("def f():\n    from random import Random as R", ["from random import Random as R"]),
        ("try:\n    import js\nexcept ImportError:\n    pass", ["import js"]),
        ("import other\nfrom other import x", []),
        ("from . import x", ["from . import x"]),  # py/ is a folder, not a package: this fails, with a sentence
    ],
)
def test_imports_are_found_at_any_level(tmp_path, source, statements):
    (tmp_path / "one.py").write_text(source)
    (tmp_path / "other.py").write_text("")
    assert list(stdlib.page_imports(tmp_path)) == statements


def test_another_import_needs_another_library():
    assert stdlib.key({"import math": "py/a.py, line 1"}) != stdlib.key({"import json": "py/a.py, line 1"})
    assert stdlib.key({"import math": "py/a.py, line 1"}) == stdlib.key({"import math": "py/b.py, line 9"})


def test_an_import_that_cannot_work_in_the_page_ends_the_build_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(stdlib, "CACHE", tmp_path)
    monkeypatch.setattr(stdlib, "page_imports", lambda: {"import tkinter": "py/lesson.py, line 7"})
    with pytest.raises(Failure) as failure:
        stdlib.build()
    assert "py/lesson.py, line 7: import tkinter does not work in the page: No module named 'tkinter'." in str(
        failure.value
    )
    assert "Traceback" not in str(failure.value)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_is_no_python_is_named(tmp_path):
    (tmp_path / "one.py").write_text("\nimport = 1")
    with pytest.raises(Failure, match=r"py/one\.py, line 2: invalid syntax"):
        stdlib.page_imports(tmp_path)
