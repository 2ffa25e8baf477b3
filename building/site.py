"""`build.py site`: the page in dist/, made from scratch, for a web server at any address.

What stands there:

    index.html   main.js   style.css   worker.js   the page, its script and its style; Python's worker
    edit.js   train.js   inside.js   the editor, what trains, and the look inside, each fetched when somebody wants it
    icon.svg   icons/   manifest.webmanifest   what it looks like where it is installed
    sw.js        keeps all of this for use without a network
    trenchcoat.html   all of it as one file
    lists/       texts to learn from, each fetched when somebody chooses it
    py/          the Python that runs in the page, as it is in the repository
    weights/     what the model learned
    pyodide/     Python itself, from its npm package, with a smaller engine (engine.py) and a smaller standard
                 library (stdlib.py); its JavaScript is in worker.js
    assets.json  the size and SHA-256 of every other file, and a version made of them all
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from . import (
    COMMAND,
    ROOT,
    WEIGHTS,
    Failure,
    challenges,
    engine,
    experiments,
    lists,
    node,
    offline,
    onefile,
    page,
    replay,
    stdlib,
    step_lines,
)
from .digest import sha256
from .node import PYODIDE

DIST = ROOT / "dist"
WEB = ROOT / "web"
AS_A_MODULE = ["--format=esm", "--target=es2022"]
AS_A_ROOM = [
    *("--format=iife", "--target=es2022"),  # a script that the page can carry, too
    "--loader:.py=text",  # the original, and the Python that only this room needs
]
OUTSIDE_PYODIDE = ["--external:node:*", "--external:ws"]  # what it would load under Node only
IN_THE_WORKER = [
    *("--format=iife", "--target=es2022"),  # as a module it could not start from a Blob everywhere
    "--define:import.meta.url=''",  # Pyodide would look around there; it has no need to
    *OUTSIDE_PYODIDE,
]
COPIED = {".png", ".svg", ".webmanifest"}  # of web/; the rest is bundled or rendered


def build(out=DIST):
    """Build the site into the folder `out`, and replace it only when all went well. Returns `out`."""
    for source in ("web/index.html", "web/main.js", "web/style.css", "web/python/worker.js"):
        if not (ROOT / source).is_file():
            raise Failure(f"{source} is missing: without it there is no page. Get it back with git checkout {source}")
    if not WEIGHTS.is_file():
        raise Failure(f"weights/microgpt.json is missing. Train the model again: {COMMAND} train")
    node.packages()
    try:
        with tempfile.TemporaryDirectory(prefix=".dist-", dir=out.parent) as folder:
            new = Path(folder) / "new"
            fill(new)
            if out.exists():
                out.rename(Path(folder) / "old")
            new.rename(out)
    except OSError as error:
        raise Failure(f"The page could not be written to {out}: {error}") from None
    size = sum(file.stat().st_size for file in files(out))
    print(f"Built {os.path.relpath(out)}, {size / 1e6:.1f} MB", flush=True)
    return out


def fill(folder):
    """Put the whole site into the new folder."""
    variables = page.variables()  # first, as it is told here whether the weights are any
    node.esbuild(WEB / "main.js", f"--outfile={folder / 'main.js'}", *AS_A_MODULE)
    tasks = {"EXPERIMENTS": experiments.build(), "CHALLENGES": challenges.build()}
    # uPlot writes numbers as the browser's language does; the page's own are as its words are.
    told = {"STEP_LINES": step_lines.build(), "navigator.language": "en"}
    rooms = [
        ("edit", "trenchcoatEditor", tasks),
        ("train", "trenchcoatTraining", told),
        ("inside", "trenchcoatInside", {}),
    ]
    for script, name, built in rooms:
        options = [f"--define:{each}={json.dumps(value)}" for each, value in built.items()]
        options = [f"--outfile={folder / script}.js", f"--global-name={name}", *AS_A_ROOM, *replay.put_in(), *options]
        node.esbuild(WEB / script / "room.js", *options)
    smaller = engine.build()
    # From where esbuild runs: after a ? or # in a whole path it would look for something else.
    script = f"--alias:pyodide/{engine.SCRIPT}=./{(smaller / engine.SCRIPT).relative_to(ROOT).as_posix()}"
    node.esbuild(WEB / "python" / "worker.js", f"--outfile={folder / 'worker.js'}", *IN_THE_WORKER, script)
    node.esbuild(WEB / "style.css", f"--outfile={folder / 'style.css'}")
    for file in files(WEB):
        if file.suffix in COPIED:
            copy(file, folder / file.relative_to(WEB))
    for file in sorted((ROOT / "py").glob("*.py")):
        copy(file, folder / "py" / file.name)
    for each in lists.ORDER:
        copy(ROOT / lists.name(each), folder / lists.name(each))
    copy(WEIGHTS, folder / "weights" / WEIGHTS.name)
    for file in [smaller / engine.ENGINE, *sorted(PYODIDE.glob("LICENSE*"))]:
        copy(file, folder / "pyodide" / file.name)
    copy(stdlib.build(), folder / stdlib.NAME)

    others = assets(folder)
    carried = onefile.contents(folder, page.needed(others))
    write(folder / onefile.NAME, onefile.carrying_its_body(page.render(variables, others, carried)))
    onefile.check(folder / onefile.NAME)
    write(folder / "index.html", page.render(variables, assets(folder)))
    write(folder / offline.NAME, offline.service_worker(assets(folder)))
    built = assets(folder)
    version = sha256(json.dumps(built).encode())[:16]
    write(folder / "assets.json", json.dumps({"version": version, "files": built}, indent=1) + "\n")


def assets(folder):
    """The size in bytes and the SHA-256 of every file, by its name in the site, such as "py/microgpt.py"."""
    return {file.relative_to(folder).as_posix(): describe(file.read_bytes()) for file in files(folder)}


def describe(content):
    return {"size": len(content), "sha256": sha256(content)}


def files(folder):
    """Every file in a folder and the folders in it, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")
