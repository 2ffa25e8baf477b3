"""The site as a build from edited sources would have made it, without building it again."""

import base64
import hashlib
import re

from building import offline, server


def edited(assets, edits):
    """The assets, with edits: {name: text to new text}; the page and the offline copy know the new files.

    "index.html" is edited after that.
    """
    files = dict(assets)
    page = text(assets["index.html"])
    for name, edit in edits.items():
        if name != "index.html":
            files[name] = asset(edit(text(assets[name])), assets[name])
            page = page.replace(integrity(assets[name]), integrity(files[name]))
            size = len(files[name].body)
            page = re.sub(rf'("{re.escape(name)}": \{{[^}}]*"size": )\d+', rf"\g<1>{size}", page)
    page = edits.get("index.html", str)(page)
    files["index.html"] = asset(page, assets["index.html"])
    kept = files.keys() - {"assets.json", offline.NAME}
    digests = {name: {"sha256": hashlib.sha256(files[name].body).hexdigest()} for name in sorted(kept)}
    files[offline.NAME] = asset(offline.service_worker(digests), assets[offline.NAME])
    return files


def text(asset):
    return asset.body.decode()


def asset(text, like):
    return server.Asset(text.encode(), like.suffix, like.type)


def integrity(asset):
    return "sha256-" + base64.b64encode(hashlib.sha256(asset.body).digest()).decode()
