"""Training in the page's own Python, under Node: the same weights as in this machine's, in memory that does not grow."""

import json

import microgpt
import pytest
import trainer
import weights_file
from game_names import NAMES

from building import ROOT, WEIGHTS, train
from tests import in_page

TEXTS = NAMES[:60]
SETTINGS = {"seed": 11, "steps": 40, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}
DEEPER = ("n_layer = 1", "n_layer = 2")
N_DEEPER = 3  # steps

# Asks the trainer as the worker does, the second time about an edited file.
RUN = """
import json
import told_trainer
from pyodide_js import _module as engine

asked = told_trainer.start(request["weights"])
answers = []
for method, arguments in request["questions"]:
    answer = json.loads(asked.answer(method, json.dumps(arguments)))
    answers.append({"answer": answer, "bytes": engine.HEAPU8.length})
with open("answers.json", "w") as file:
    json.dump(answers, file)
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A function: asked(questions, source) asks a trainer in the page's Python: [{"answer", "bytes": of memory}, ...]."""

    def ask(questions, source=None):
        request = {"weights": WEIGHTS.read_text(encoding="utf-8"), "questions": questions}
        return in_page.answers(tmp_path_factory.mktemp("pyodide"), RUN, request, source=source)

    return ask


def numbers(text):
    """All of them in a file of weights."""
    return [p.data for p in microgpt.parameters(weights_file.load(text)[0])]


def test_forty_steps_end_with_the_weights_of_the_command_on_this_machine(asked, tmp_path):
    questions = [["begin", [TEXTS, SETTINGS, None, None]], *[["train", [10, 1e9]]] * 4, ["weights", []]]
    answers = asked(questions)
    here = trainer.Trainer(WEIGHTS.read_text(encoding="utf-8"))
    expected = [json.loads(here.answer(method, json.dumps(arguments))) for method, arguments in questions]

    names, out = tmp_path / "names.txt", tmp_path / "model.json"
    names.write_text("\n".join(TEXTS), encoding="utf-8")
    train.train(names, SETTINGS["steps"], SETTINGS["seed"], out, learning_rate=SETTINGS["learning_rate"])
    by_command = numbers(out.read_text(encoding="utf-8"))
    assert by_command == numbers(expected[-1])
    assert max(abs(x - y) for x, y in zip(numbers(answers[-1]["answer"]), by_command, strict=True)) < 1e-9
    for answer, one in zip(answers[1:-1], expected[1:-1]):
        for event, other in zip(answer["answer"]["events"], one["events"], strict=True):
            assert event == {**other, "loss": pytest.approx(other["loss"], abs=1e-9), "mean": event["mean"]}
        for moment, other in zip(answer["answer"]["kept"], one["kept"], strict=True):
            assert moment["names"] == other["names"]
            assert moment["held_out"] == pytest.approx(other["held_out"], abs=1e-9)

    assert answers[-2]["bytes"] < 1.1 * answers[1]["bytes"]


def test_an_edit_of_another_shape_trains_from_random_weights(asked):
    model = (ROOT / "py" / "microgpt.py").read_text(encoding="utf-8")
    assert DEEPER[0] in model
    settings = {**SETTINGS, "steps": N_DEEPER}
    questions = [["begin", [TEXTS, settings, None, None]], ["train", [N_DEEPER, 1e9]], ["watch_step", []]]
    begun, trained, over = [answer["answer"] for answer in asked(questions, model.replace(*DEEPER))]
    assert begun["shipped"] is None
    assert [event["step"] for event in trained["events"]] == [1, 2, 3]
    assert trained["kept"][-1]["held_out"] < begun["kept"][0]["held_out"]
    assert over["watched"] is None
