"""The service worker that keeps the page for use without a network: web/sw.js, told what to keep."""

import json

from . import ROOT, node, onefile
from .digest import address, sha256

SOURCE = ROOT / "web" / "sw.js"
NAME = "sw.js"
LEFT_OUT = {onefile.NAME, NAME}  # the page itself never asks for these


def service_worker(assets):
    """Its script, for a site of these assets, {name: {"sha256", ...}}: another one whenever one of them is."""
    files = {
        name: {"address": address(name, asset["sha256"]), "sha256": asset["sha256"]}
        for name, asset in assets.items()
        if name not in LEFT_OUT
    }
    files[""] = {"address": "", "sha256": files.pop("index.html")["sha256"]}  # it has one address, whatever is in it
    files = json.dumps(files)
    version = sha256(SOURCE.read_bytes() + files.encode())[:16]
    defined = {"FILES": files, "VERSION": json.dumps(version)}
    values = [f"--define:{name}={value}" for name, value in defined.items()]
    return node.bundled(SOURCE, "--format=iife", "--target=es2022", *values)
