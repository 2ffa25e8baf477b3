"""Training in the page: what it learns is what CPython learns, it can be taken back and taken up again, and whatever
happens to it, what was kept last is there."""

import json
import re
import subprocess
import sys

import pytest
from lesson import Lesson
from playwright.sync_api import expect
from training import Run

from building import ROOT, WEIGHTS
from building.site import DIST
from e2e import shown
from e2e.conftest import CONTEXT, Watch
from e2e.test_access import findings
from e2e.test_edit import RELU, edit_of, open_editor, restore, run_well
from e2e.test_inside import check
from e2e.test_inside import open_link as look_inside

TEXTS = ["ada", "bea", "dad", "abe", "deb", "bad", "be", "ade", "da", "eda", "ab", "abb"]  # a tape of few positions
SETTINGS = {"seed": 3, "steps": 7, "learning_rate": 0.02, "beta1": 0.85, "beta2": 0.99}
SHIPPED = "Its weights came with the page."
UPDATE = "        p.data -= rate * mean / (mean_square**0.5 + 1e-8)"
DESCENT = "        p.data -= 0.5 * p.grad"
ENDLESS = "        while step == 1: pass"

# The run of an edited file in this machine's Python: a folder with it, texts and settings; the losses of each step.
IN_CPYTHON = """
import json, sys
sys.path[:0] = sys.argv[1:3]
from training import Run
texts, settings = json.load(sys.stdin)
run = Run(texts, settings)
print(json.dumps([run.step()["loss"] for _ in range(settings["steps"])]))
"""


def panel(page):
    return page.locator("#train-panel")


def button(page, name):
    return panel(page).get_by_role("button", name=name, exact=True)


def whose(page):
    return page.locator("#whose-weights")


def said(page):
    return panel(page).locator(".moves > [role=status]")


def engine(page):
    return panel(page).locator(".engine")


def open_train(page):
    shown.choose_mode(page, "Train")
    expect(button(page, "Train").or_(button(page, "Pause"))).to_be_visible()


def begin_anew(page):
    """The mode Train, with nothing trained, and the page's own weights."""
    restore(page)
    open_train(page)
    if button(page, "Start over").is_enabled():
        button(page, "Start over").click()
    if page.locator("#shipped").is_visible():
        page.locator("#shipped").click()
    expect(whose(page)).to_have_text(SHIPPED)


def set_up(page, **settings):
    """A run of the settings over the texts, not begun yet."""
    panel(page).get_by_role("radio", name=re.compile("^Your own")).check()
    panel(page).get_by_role("textbox").fill("\n".join(TEXTS))
    panel(page).get_by_role("button", name="Learn from these").click()
    for name, value in {**SETTINGS, **settings}.items():
        if name.startswith("beta"):
            continue
        field = panel(page).get_by_label(name.replace("_", " ").capitalize(), exact=True)
        field.fill(str(value))
        field.blur()


def train(page, steps):
    """Train to the end of so many steps."""
    set_up(page, steps=steps)
    button(page, "Train").click()
    expect(said(page)).to_have_text(f"Done: all {steps} steps.")


def numbers(page, name):
    """The numbers of a table, row by row, None where a cell is empty."""
    return (
        panel(page)
        .get_by_role("table", name=name, exact=True)
        .evaluate(
            """table => [...table.tBodies[0].rows].map(row => [...row.cells].flatMap(cell => {
                const data = cell.querySelector("data");
                return data ? [data.hidden ? null : Number(data.value)] : [];
            }))"""
        )
    )


def losses(page):
    """The loss of every step, and the running mean there, in order: two lists."""
    every = panel(page).get_by_text("Every step in numbers")
    if not every.locator("xpath=..").evaluate("details => details.open"):
        every.click()
    expect(panel(page).get_by_role("table", name="Every step in numbers")).to_be_visible()
    rows = numbers(page, "Every step in numbers")[::-1]
    return [row[1] for row in rows], [row[2] for row in rows]


def expect_losses(page, events):
    loss, mean = losses(page)
    assert loss == pytest.approx([each["loss"] for each in events], abs=1e-9)
    assert mean == pytest.approx([each["mean"] for each in events], abs=1e-9)


def bars(page):
    return {bar.token: bar.p.value for bar in shown.bars(page)}


def expect_bars_of(page, weights_text, text):
    candidates = Lesson(weights_text).show(text, 1.0, 1, [])["positions"][-1]["candidates"]
    expected = {each["token"]: each["p"] for each in candidates}
    data = shown.table(page, "Next-character probabilities").locator("tr:first-child td data")
    best = max(expected.values())
    page.wait_for_function("([node, p]) => Math.abs(Number(node.value) - p) < 1e-9", arg=[data.element_handle(), best])
    for token, p in bars(page).items():
        if token in expected:
            assert p == pytest.approx(expected[token], abs=1e-9)


def trained_here():
    """The same run in this Python, before its first step."""
    return Run(TEXTS, SETTINGS)


def test_a_run_learns_what_cpython_learns_and_can_be_taken_back(lesson, tmp_path):
    begin_anew(lesson)
    shown.text_field(lesson).fill("ada")
    run = trained_here()
    train(lesson, SETTINGS["steps"])
    events = [run.step() for _ in range(SETTINGS["steps"])]
    expect_losses(lesson, events)

    # The moments that were kept, the last first: step, loss, running mean, held-out loss.
    rows = numbers(lesson, "Training")
    kept = [7, 5, 2, 1, 0]
    moments = [run.moment(step) for step in kept]
    assert [row[0] for row in rows] == kept
    assert [row[2] for row in rows[:-1]] == pytest.approx([each["loss"] for each in moments[:-1]], abs=1e-9)
    assert [row[3] for row in rows] == pytest.approx([each["held_out"] for each in moments], abs=1e-9)
    assert all(row[4] > 0 for row in rows[:-1]), "steps per second"
    names = panel(lesson).get_by_role("list", name="Sampled texts").get_by_role("listitem")
    assert names.all_inner_texts() == [name or "(STOP at once)" for name in moments[0]["names"]]

    # Its weights are in use everywhere in the sandbox, which says so, and its text field takes their letters.
    expect(whose(lesson)).to_have_text("Its weights learned here, on your own text: step 7.")
    weights = run.file({})
    expect_bars_of(lesson, weights, "ada")
    shown.choose_mode(lesson, "Loss")
    expect(shown.panel(lesson).get_by_text("Average loss")).to_be_visible()
    assert shown.average(lesson).value == pytest.approx(Lesson(weights).read("ada")["mean_nll"], abs=1e-9)
    shown.text_field(lesson).press("End")
    shown.text_field(lesson).press("z")
    expect(shown.sandbox(lesson).get_by_text("is not one of the 4 characters")).to_be_visible()
    open_train(lesson)
    assert findings(lesson, "#sandbox") == []

    # Along the curve with the keyboard: an earlier moment, as it was then.
    moment = panel(lesson).get_by_role("slider", name="Go back to a moment")
    moment.press("Home")
    expect(whose(lesson)).to_have_text("Its weights are as they were after step 0, on your own text.")
    moment.press("ArrowRight")
    moment.press("ArrowRight")
    expect(whose(lesson)).to_have_text("Its weights are as they were after step 2, on your own text.")
    then = trained_here()
    then.step()
    then.step()
    expect_bars_of(lesson, then.file({}), "ada")
    expect(names).to_have_text([name or "(STOP at once)" for name in run.moment(2)["names"]])
    assert f"held-out loss {run.moment(2)['held_out']:.4f}" in moment.get_attribute("aria-valuetext")

    # With the pointer: the exact loss of any step, and the nearest moment; away from it, what was chosen.
    over = panel(lesson).locator(".u-over")
    over.hover(position={"x": over.bounding_box()["width"] * 5 / 20, "y": 20})
    readout = panel(lesson).locator(".readout data")
    expect(readout.first).to_have_attribute("value", re.compile(re.escape(str(events[4]["loss"])[:10])))
    expect(whose(lesson)).to_have_text("Its weights are as they were after step 5, on your own text.")
    panel(lesson).get_by_text("Every step in numbers").hover()
    expect(whose(lesson)).to_have_text("Its weights are as they were after step 2, on your own text.")

    button(lesson, "Go on from here").click()
    expect(whose(lesson)).to_have_text("Its weights learned here, on your own text: step 7.")
    expect(said(lesson)).to_have_text("Done: all 7 steps.")
    expect_losses(lesson, events)

    # The file is that of build.py train; opened again it is what is in use.
    with lesson.expect_download() as download:
        button(lesson, "Download the weights").click()
    file = tmp_path / "mine.json"
    download.value.save_as(file)
    saved, expected = json.loads(file.read_text()), json.loads(weights)
    assert saved["vocabulary"] == "abde"
    assert saved["training"]["steps_done"] == 7
    for name, matrix in expected["weights"].items():
        assert sum(saved["weights"][name], []) == pytest.approx(sum(matrix, []), abs=1e-9)
    lesson.locator("#shipped").click()
    expect(whose(lesson)).to_have_text(SHIPPED)
    over.hover(position={"x": over.bounding_box()["width"] / 20, "y": 20})
    expect(whose(lesson)).to_have_text("Its weights are as they were after step 1, on your own text.")
    panel(lesson).get_by_text("Every step in numbers").hover()
    expect(whose(lesson)).to_have_text(SHIPPED)
    button(lesson, "Show the model as it is now").click()
    expect(whose(lesson)).to_have_text("Its weights learned here, on your own text: step 7.")
    panel(lesson).locator("input[accept*=json]").set_input_files(file)
    expect(whose(lesson)).to_have_text("Its weights are those of a file, mine.json.")


def test_a_hundred_steps_are_replayed_with_the_numbers_of_plain_python(lesson):
    begin_anew(lesson)
    panel(lesson).get_by_label("Speed").select_option("slow enough to watch")
    set_up(lesson, steps=120)
    button(lesson, "Train").click()
    expect(engine(lesson)).to_have_text(re.compile("^Plain Python makes these steps"))
    panel(lesson).get_by_label("Speed").select_option("as fast as it goes")
    expect(said(lesson)).to_have_text("Done: all 120 steps.")
    expect(engine(lesson)).to_have_text(re.compile(r"^Replayed from a tape .* [\d,]+ times faster\.$"))
    assert float(engine(lesson).locator("data").get_attribute("value")) > 5
    run = Run(TEXTS, {**SETTINGS, "steps": 120})
    events = [run.step() for _ in range(120)]
    assert numbers(lesson, "Training")[0][3] == pytest.approx(run.moment(120)["held_out"], abs=1e-9)
    _, mean = losses(lesson)  # of the last hundred
    assert mean == pytest.approx([each["mean"] for each in events[-100:]], abs=1e-9)


def test_a_file_that_holds_no_weights_gets_a_sentence_and_changes_nothing(lesson):
    begin_anew(lesson)
    weights = WEIGHTS.read_text(encoding="utf-8")
    files = {
        "cut.json": (weights[:5000], "not the JSON that training writes"),
        "photo.json": (b"\xff\xd8\xff\xe0", "It is not a text file."),
        "odd.json": (weights.replace('"n_layer": 1', '"n_layer": 9'), "for another model"),
        "nan.json": (re.sub(r"(\"wte\": \[\s*\[)[^,]+", r"\g<1>NaN", weights), "not a finite number"),
    }
    for name, (content, why) in files.items():
        body = content if isinstance(content, bytes) else content.encode()
        file = {"name": name, "mimeType": "application/json", "buffer": body}
        panel(lesson).locator("input[accept*=json]").set_input_files(file)
        alert = panel(lesson).get_by_role("alert").filter(has_text=name)
        expect(alert).to_contain_text(f"{name} cannot be used, so the weights are as they were.")
        expect(alert).to_contain_text(why)
        expect(whose(lesson)).to_have_text(SHIPPED)


def test_an_edit_in_use_trains_itself_and_a_silent_one_is_stopped(lesson, tmp_path):
    begin_anew(lesson)
    lesson.get_by_role("button", name="Edit", exact=True).click()
    text = edit_of(UPDATE, DESCENT)
    run_well(lesson, text)
    open_train(lesson)
    train(lesson, 9)
    expect(engine(lesson)).to_contain_text("Replayed from a tape")
    (tmp_path / "microgpt.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", IN_CPYTHON, tmp_path, ROOT / "py"]
    given = json.dumps([TEXTS, {**SETTINGS, "steps": 9}])
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    learned, _ = losses(lesson)
    assert learned == pytest.approx(json.loads(done.stdout), abs=1e-9)
    original = Run(TEXTS, {**SETTINGS, "steps": 9})
    assert original.step()["loss"] == pytest.approx(learned[0], abs=1e-9)
    assert original.step()["loss"] != pytest.approx(learned[1], abs=1e-6)

    # An edit that cannot be traced and fails in its sixth step, and one that never ends.
    button(lesson, "Start over").click()
    run_well(lesson, edit_of(UPDATE, "        p.data -= rate / (5 - step) if p.grad > 0 else 0"))
    set_up(lesson, steps=9)
    button(lesson, "Train").click()
    expect(said(lesson)).to_contain_text("In step 6 ")
    expect(said(lesson)).to_contain_text("the run is back at step 5")
    expect(engine(lesson)).to_have_text(
        "Plain Python makes every step, because what it does next depends on a number's value."
    )
    button(lesson, "Start over").click()
    run_well(lesson, edit_of(UPDATE, f"{ENDLESS}\n{UPDATE}"))
    set_up(lesson, steps=5)
    button(lesson, "Train").click()
    silent = panel(lesson).get_by_role("alert").filter(has_text="has not answered for a few seconds")
    expect(silent).to_be_visible()
    silent.get_by_role("button", name="Stop the training").click()
    expect(said(lesson)).to_have_text("Stopped. The run is back at step 0, where it was kept last.")
    expect(silent).to_be_hidden()
    restore(lesson)


def test_a_run_survives_a_pause_a_reload_and_the_death_of_its_worker(page, boot):
    page.goto("./#mode=train&text=ad")
    boot(page)
    set_up(page, steps=3000)
    button(page, "Train").click()
    expect(whose(page)).to_have_text(re.compile("are learning here, on your own text: step [1-9]"))
    button(page, "Pause").click()
    expect(said(page)).to_have_text(re.compile("Paused after step"))
    rows, every = numbers(page, "Training"), losses(page)
    weights = whose(page).inner_text()
    shown.choose_mode(page, "Forward")
    before = bars(page)

    page.reload()
    boot(page)
    expect(whose(page)).to_have_text(weights)
    assert bars(page) == pytest.approx(before, abs=1e-12)
    open_train(page)
    expect(button(page, "Train")).to_be_enabled()
    step = int(rows[0][0])
    expect(said(page)).to_have_text(f"Paused after step {step}.")
    assert [row[:4] for row in numbers(page, "Training")] == [row[:4] for row in rows]
    assert losses(page) == every

    button(page, "One step").click()
    expect(said(page)).to_have_text(f"Paused after step {step + 1}.")
    button(page, "Train").click()
    expect(whose(page)).to_have_text(re.compile(f"are learning here, on your own text: step (?!{step}|{step + 1})"))
    assert len(page.workers) == 2
    page.workers[1].evaluate("() => { setTimeout(() => self.close()); }")
    expect(said(page)).to_contain_text("The Python that trains stopped unexpectedly.")
    back = int(re.search(r"those of step (\d+)", said(page).inner_text())[1])
    assert back > step
    expect(whose(page)).to_have_text(f"Its weights learned here, on your own text: step {back}.")

    button(page, "Train").click()
    expect(whose(page)).to_have_text(re.compile("are learning here"))
    button(page, "Stop").click()
    expect(said(page)).to_contain_text("Stopped after step")
    expect(button(page, "Train")).to_be_enabled()
    page.evaluate("0")  # comes back after the worker has gone
    assert len(page.workers) == 1
    button(page, "Start over").click()
    expect(whose(page)).to_have_text(SHIPPED)
    button(page, "Bring the run back").click()
    expect(whose(page)).to_have_text(re.compile("learned here, on your own text: step"))


def test_the_one_file_trains_edits_and_looks_inside_too_on_a_phone(browser, boot, cpython, request):
    context = browser.new_context(**CONTEXT, viewport={"width": 320, "height": 640}, offline=True)
    watch = Watch(context)
    page = context.new_page()
    page.goto((DIST / "trenchcoat.html").as_uri())
    boot(page)

    look_inside(page, "#text=ada&position=2", "ada", 2)
    check(page, cpython.look_inside("ada", 2))

    open_editor(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    run_well(page, edit_of(*RELU))
    page.get_by_role("button", name="Unfold").click()
    expect(page.get_by_text("Average loss over 12 names")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    restore(page)

    open_train(page)
    set_up(page, steps=9)
    button(page, "Train").click()
    expect(said(page)).to_have_text("Done: all 9 steps.")
    expect(engine(page)).to_contain_text("Replayed from a tape")
    expect(whose(page)).to_have_text("Its weights learned here, on your own text: step 9.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
    watch.check(request.node)
