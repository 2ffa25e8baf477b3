"""What `build.py bench` measures with: it must find the page as it is, and see what it is there to see."""

from building import bench
from building.bench import soak


def prepare(page):
    page.add_init_script(path=bench.HERE / "watch.js")
    soak.watch_python(page)


KEEP = """() => {
  const kept = [];
  addEventListener("input", () => {
    const node = document.createElement("p");
    node.addEventListener("click", () => {});
    kept.push(node, new Array(10_000).fill(0));
  });
}"""


def test_a_soak_finds_all_that_it_measures_and_sees_what_a_page_keeps(lesson, monkeypatch):
    monkeypatch.setattr(soak, "KEYSTROKES", 40)  # for a short while only
    monkeypatch.setattr(soak, "NAMES", 40)
    monkeypatch.setattr(soak, "ROUNDS", 2)
    lesson.evaluate(KEEP)
    first, last = soak.soak(lesson, bench.top)  # what is held at first, and at the end
    for held in (first, last):
        assert held.keys() == soak.MOST.keys()
        assert 1 < held["MB of JavaScript"] < 20
        assert 5 < held["MB in use by Python"] < held["MB that Python has had of the browser"] < 100
        assert held["nodes in the page"] > 1000
        assert held["listeners in the page"] > 10
    for what in ("MB of JavaScript", "nodes in the page", "listeners in the page"):
        assert last[what] > soak.MOST[what] * first[what]
