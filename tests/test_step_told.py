"""Watch one step, without a browser: its lines of code, its sentences, its numbers."""

import json
import re

import pytest
from trainer import Trainer

from building import ROOT, WEIGHTS, Failure, node, step_lines

MODEL = ROOT / "py" / "microgpt.py"
WORDS = json.loads((ROOT / "web" / "words" / "en" / "one_step.json").read_text())
SETTINGS = {"seed": 1, "steps": 20, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}
NUMBERS = {0.00148021: "0.00148", -0.000355361: "−0.000355", 1.0325e-7: "1.03 × 10⁻⁷", -1e-8: "−10⁻⁸"}
NUMBERS |= {0.85: "0.85", 4: "4", 0: "0", 1000: "1000", 12345: "12300", 2.5e12: "2.5 × 10¹²", 0.1: "0.1"}
PROGRAM = """
import { readFileSync } from "node:fs";
import { caption, momentsOf } from "./step_moments.mjs";
import { significant } from "./numbers.mjs";

const { steps, numbers } = JSON.parse(readFileSync(0, "utf8"));
const told = steps.map((step) => momentsOf(step).map(({ stage, name }) => [stage, name, String(caption(name, step))]));
process.stdout.write(JSON.stringify({ told, numbers: numbers.map(significant) }));
"""


@pytest.fixture(scope="module")
def steps():
    """What Python tells of a step, and variations of it: {name: step}."""
    trainer = Trainer(WEIGHTS.read_text(encoding="utf-8"))
    trainer.begin(["anna", "bob", "eve", "lea", "kim", "otto", "nina", "leo", "mia", "ben"], SETTINGS)
    trainer.train(3, 1e9)
    told = trainer.watch_step()["watched"]
    of_another = trainer.watch_weight({"matrix": "wpe", "row": 15, "column": 0})
    change = told["weight"]["change"]
    return {
        "plain": told,
        "unused": of_another,
        "against": told | {"weight": told["weight"] | {"change": -change}},
        "unmoved": told | {"weight": told["weight"] | {"change": 0}},
        "once": told | {"uses": told["uses"][:1]},
        "worse": told | {"loss_after": told["loss"] + 1},
        "spoilt": told | {"loss_after": None},
        "otherwise": told | {"adam": None},
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory, steps):
    """What the page says: {"told": {name of a step: [[stage, moment, sentence], …]}, "numbers": as it writes them}."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "program.mjs").write_text(PROGRAM)
    for path in ("train/step_moments", "words/numbers"):
        out = folder / f"{path.split('/')[1]}.mjs"
        node.esbuild(ROOT / "web" / f"{path}.js", f"--outfile={out}", "--format=esm")
    given = {"steps": list(steps.values()), "numbers": list(NUMBERS)}
    answer = json.loads(node.run_script(folder / "program.mjs", otherwise="", given=json.dumps(given)))
    return answer | {"told": dict(zip(steps, answer["told"], strict=True))}


def sentence(page, step, moment):
    return next(said for _, name, said in page["told"][step] if name == moment)


def test_every_moment_has_its_lines_of_code_in_the_order_in_which_it_is_told(page):
    assert [name for _, name, _ in page["told"]["plain"]] == list(step_lines.MOMENTS)
    lines, built = MODEL.read_text().splitlines(), step_lines.build()
    for moment, functions in built["moments"].items():
        for function, numbers in functions.items():
            assert set(numbers) <= set(built["functions"][function])
            wanted = [line.rstrip("…") for line in step_lines.MOMENTS[moment][function]]
            assert all(lines[n - 1].strip().startswith(each) for n, each in zip(numbers, wanted, strict=True))


def test_the_build_says_when_a_line_is_gone(tmp_path):
    (tmp_path / "py").mkdir()
    text = MODEL.read_text().replace("p.data -= rate", "p.data = p.data - rate")
    (tmp_path / "py" / "microgpt.py").write_text(text)
    with pytest.raises(Failure, match="“p.data -= …” does not stand there any more"):
        step_lines.build(tmp_path)


def test_the_stages_follow_each_other(page):
    for moments in page["told"].values():
        stages = list(dict.fromkeys(stage for stage, _, _ in moments))
        assert stages == ["forward", "loss", "gradient", "update", "after"]


def test_every_sentence_is_whole(page):
    for moments in page["told"].values():
        for _, name, said in moments:
            assert not re.search(r"undefined|NaN|null|[{}\[\]]", said), name
            assert re.search(r"[.?:] ?$", said), name


def test_the_numbers_in_the_sentences_are_pythons(page, steps):
    step = steps["plain"]
    assert f"{step['loss']:.3f}" in sentence(page, "plain", "average")
    after = sentence(page, "plain", "after")
    assert f"was {step['loss']:.3f}, and now it is {step['loss_after']:.3f}" in after
    dearest = max(step["positions"], key=lambda each: each["nll"])
    assert f"{dearest['true']} after {dearest['token']}, which costs {dearest['nll']:.2f}" in sentence(
        page, "plain", "nll"
    )
    assert f"each of the {step['count']:,} weights" in sentence(page, "plain", "backward")
    assert f"took part {len(step['uses'])} times" in sentence(page, "plain", "uses")


def test_the_sentences_fit_what_happened(page, steps):
    goes = "up" if steps["plain"]["weight"]["change"] > 0 else "down"
    comes = "down" if goes == "up" else "up"
    assert f"goes {goes}, by" in sentence(page, "plain", "weight")
    assert f"goes {comes}, by" in sentence(page, "against", "weight")
    assert WORDS["against"] not in sentence(page, "plain", "weight")
    assert WORDS["against"] in sentence(page, "against", "weight")
    assert "stays as it was" in sentence(page, "unmoved", "weight")
    assert "took no part" in sentence(page, "unused", "uses")
    assert "took part once" in sentence(page, "once", "uses")
    assert "It has risen" in sentence(page, "worse", "after")
    assert "no number any more" in sentence(page, "spoilt", "after")
    assert "in another way" in sentence(page, "otherwise", "other_update")


def test_numbers_are_written_with_the_figures_that_count(page):
    assert dict(zip(NUMBERS, page["numbers"])) == NUMBERS
