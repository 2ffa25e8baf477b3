"""The page's engine: Pyodide's, less what the page cannot reach. That Python still works in it, test_stdlib.py shows."""

import pytest

from building import Failure, engine
from building.node import PYODIDE

SCRIPT = (
    "var _used,_unused,_data,wasmTable;function assignWasmExports(wasmExports){"
    '_used=Module["_used"]=wasmExports["used"];_unused=Module["_unused"]=wasmExports["unused"];'
    'wasmTable=wasmExports["table"];_data=Module["_data"]=wasmExports["data"].value>>>0;'
    '_main=Module["_main"]=wasmExports["__main_argc_argv"]}'
    'function run(){wasmExports["start"]();wasmExports.resume;wasmTable.get(_used)}'
)


def test_only_what_the_script_or_the_loader_uses_is_still_asked_of_the_engine():
    script, exports = engine.smaller(SCRIPT, "e._data")
    assert exports == ["__main_argc_argv", "data", "resume", "start", "table", "used"]
    assert "_unused" not in script
    assert script.startswith("var _used,_data,wasmTable;function assignWasmExports(wasmExports){_used=")
    assert script.endswith("}" + SCRIPT[SCRIPT.index("function run") :])


MODULES = (
    'var wasmImports={now:_now,abort:abort,glClear:_glClear};_now.sig="d";_glClear.sig="vi";'
    'Module["FS"]=FS;Module["GL"]=GL;Module["_glClear"]=_glClear;eval(code);API.eval(code);Module["FS"].init()'
)


def test_the_script_offers_what_the_engine_imports_and_what_is_asked_for_and_nothing_else():
    script = engine.for_the_engine_alone(MODULES, 'Module["GL"]', ["now", "abort", "memory"])
    assert script.startswith("var wasmImports={now:_now,abort:abort};")
    assert '_now.sig="d";' in script
    assert "_glClear" not in script
    assert 'Module["FS"]=FS;Module["GL"]=GL;' in script


def test_no_eval_in_the_script_sees_its_variables():
    script = engine.for_the_engine_alone(MODULES, "", [])
    assert "(0,eval)(code);API.eval(code);" in script


def test_a_script_whose_list_for_modules_is_not_found_ends_the_build_with_a_sentence():
    with pytest.raises(Failure, match="what modules may import was not found"):
        engine.for_the_engine_alone("function run(){}", "", [])


@pytest.mark.parametrize(
    "script, reason",
    [
        ("function run(){}", "was not found"),
        (SCRIPT.replace('wasmExports["used"]', "take(used)"), 'it holds _used=Module["_used"]=take(used)'),
    ],
)
def test_a_pyodide_that_is_written_otherwise_ends_the_build_with_a_sentence(script, reason):
    with pytest.raises(Failure, match="package-lock.json") as failure:
        engine.smaller(script, "")
    assert reason in str(failure.value)


def test_it_is_a_good_deal_smaller():
    for name, share in ((engine.SCRIPT, 0.33), (engine.ENGINE, 0.92)):
        assert (engine.build() / name).stat().st_size < share * (PYODIDE / name).stat().st_size


def test_an_engine_that_lacks_what_is_asked_of_it_ends_the_build_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "FOLDER", tmp_path)
    monkeypatch.setattr(engine, "smaller", lambda script, loader: ("", ["no_such_function"]))
    with pytest.raises(Failure, match="no_such_function"):
        engine.build()
    assert list(tmp_path.iterdir()) == []


def test_it_is_made_once(monkeypatch):
    made = engine.build()
    monkeypatch.setattr(engine.node, "run_script", lambda *_, **__: pytest.fail("made again"))
    assert engine.build() == made
