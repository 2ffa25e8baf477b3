"""What `build.py bench` measures with: it must find the page as it is, and see what it is there to see."""

import pytest

from building import bench
from building.bench import soak


def prepare(page):
    page.add_init_script(path=bench.HERE / "watch.js")
    soak.watch_python(page)


@pytest.fixture
def soaked(lesson, monkeypatch):
    """A function that soaks the lesson, for a short while only; it gives what is held at first, and at the end."""
    monkeypatch.setattr(soak, "KEYSTROKES", 40)
    monkeypatch.setattr(soak, "NAMES", 40)
    monkeypatch.setattr(soak, "ROUNDS", 2)
    return lambda: soak.soak(lesson, bench.top)


def test_a_soak_finds_all_that_it_measures(soaked):
    for held in soaked():
        assert held.keys() == soak.MOST.keys()
        assert 1 < held["MB of JavaScript"] < 20
        assert 5 < held["MB in use by Python"] < held["MB that Python has had of the browser"] < 100
        assert held["nodes in the page"] > 1000
        assert held["listeners in the page"] > 10


KEEP = """() => {
  const kept = [];
  addEventListener("input", () => {
    const node = document.createElement("p");
    node.addEventListener("click", () => {});
    kept.push(node, new Array(10_000).fill(0));
  });
}"""


def test_a_soak_sees_what_a_page_keeps(lesson, soaked):
    lesson.evaluate(KEEP)
    first, last = soaked()
    for what in ("MB of JavaScript", "nodes in the page", "listeners in the page"):
        assert last[what] > soak.MOST[what] * first[what]
