"""The project's style: one way to write each language, and python3 build.py format writes it."""

import pytest

from building import Failure, style


def test_every_file_is_as_build_py_format_leaves_it():
    style.check()


@pytest.mark.parametrize("name, text", [("odd.py", "x = [ 1,2 ]\n"), ("odd.js", "let x = [ 1,2 ]\n")])
def test_a_file_in_another_style_is_refused_by_name(name, text, tmp_path, monkeypatch):
    for settings in ("pyproject.toml", "biome.json"):
        (tmp_path / settings).write_bytes((style.ROOT / settings).read_bytes())
    (tmp_path / name).write_text(text)
    monkeypatch.setattr(style, "ROOT", tmp_path)
    with pytest.raises(Failure, match=name):
        style.check()
