"""The service worker that keeps the page for use without a network: web/sw.js, told what to keep."""

import hashlib
import json

from . import ROOT, node, onefile

SOURCE = ROOT / "web" / "sw.js"
NAME = "sw.js"
LEFT_OUT = {onefile.NAME, NAME}  # the page itself never asks for these


def service_worker(assets):
    """Its script, for a site of these assets, {address: {"sha256", ...}}: another one whenever one of them is."""
    files = {"" if name == "index.html" else name: asset["sha256"] for name, asset in assets.items()}
    files = json.dumps({name: sha256 for name, sha256 in files.items() if name not in LEFT_OUT})
    version = hashlib.sha256(SOURCE.read_bytes() + files.encode()).hexdigest()[:16]
    defined = {"FILES": files, "VERSION": json.dumps(version)}
    values = [f"--define:{name}={value}" for name, value in defined.items()]
    return node.bundled(SOURCE, "--format=iife", "--target=es2022", *values)
