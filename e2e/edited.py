"""The site as a build from edited sources would have made it, without building it again."""

import re

from building import offline, server
from building.digest import address, integrity


def edited(assets, edits):
    """The assets, with edits: {name: text to new text}; the page and the offline copy know the new files.

    "index.html" is edited after that.
    """
    files = dict(assets)
    page = text(assets["index.html"])
    for name, edit in edits.items():
        if name != "index.html":
            files[name] = asset(edit(text(assets[name])), assets[name])
            old, new = assets[name].sha256, files[name].sha256
            page = page.replace(integrity(old), integrity(new)).replace(address(name, old), address(name, new))
            size = len(files[name].body)
            page = re.sub(rf'("{re.escape(name)}": \{{[^}}]*"size": )\d+', rf"\g<1>{size}", page)
    page = edits.get("index.html", str)(page)
    files["index.html"] = asset(page, assets["index.html"])
    kept = files.keys() - {"assets.json", offline.NAME}
    digests = {name: {"sha256": files[name].sha256} for name in sorted(kept)}
    files[offline.NAME] = asset(offline.service_worker(digests), assets[offline.NAME])
    return files


def text(asset):
    return asset.body.decode()


def asset(text, like):
    return server.Asset(text.encode(), like.suffix, like.type)
