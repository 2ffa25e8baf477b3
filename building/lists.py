"""The lists that the page brings to learn from: lists/, fetched one by one, each when somebody chooses it.

Their titles and what is said of them are in web/words/en/train_data.json, by the same names.
"""

from . import ROOT
from .digest import address, integrity

FOLDER = ROOT / "lists"
ORDER = ["given_names", "dinosaurs", "cities", "fruits_and_vegetables", "invented_words"]


def name(each):
    """Of its file in the site."""
    return f"lists/{each}.txt"


def texts(each):
    return (ROOT / name(each)).read_text(encoding="utf-8").splitlines()


def described(assets, alone):
    """[{"id", "count": of its entries, "address", "integrity"}, ...]. alone: the page is one file and carries them."""
    return [
        {"id": each, "count": len(texts(each))} | ({} if alone else place(assets[name(each)]["sha256"], name(each)))
        for each in ORDER
    ]


def place(sha256, path):
    return {"address": address(path, sha256), "integrity": integrity(sha256)}
