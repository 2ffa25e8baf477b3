"""The page's own Python, with its engine and its library, run under Node: for tests that need no browser."""

import json

from building import ROOT, engine, stdlib


def answers(folder, program, request, *modules, source=None):
    """What the program leaves in answers.json when it is run with a request in a new folder that holds all of py/.

    modules: other files that it imports. source: an edit of microgpt.py, to be there in its place. See stdlib.in_pyodide.
    """
    (folder / "program.py").write_text(program)
    for file in (*(ROOT / "py").glob("*.py"), *modules):
        (folder / file.name).write_bytes(file.read_bytes())
    if source:
        (folder / "microgpt.py").write_text(source, encoding="utf-8")
    library = folder / "python_stdlib.zip"
    library.write_bytes(stdlib.build().read_bytes())
    stdlib.in_pyodide(folder / "program.py", request, folder, library, engine.build())
    return json.loads((folder / "answers.json").read_text())
