"""Editing microgpt.py in the page: what runs is the edit, what it shows is what CPython computes with the same file, and
whatever a learner does, the page goes on."""

import hashlib
import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from building import ROOT, WEIGHTS
from e2e import shown
from e2e.conftest import without_python
from e2e.test_access import findings

MODEL = (ROOT / "py" / "microgpt.py").read_text(encoding="utf-8")
RELU = ("max(0.0, self.data), (self,)", "max(0.0, self.data) ** 2, (self,)")
LAST = '    return linear(x, weights["lm_head"])'
SOFTMAX = "    return [e * scale for e in exps]"
ORIGINAL = "Computed by the original microgpt.py."

# Runs the lesson on an edited file: a folder with it, weights, and the questions; their answers as JSON.
IN_CPYTHON = """
import json, sys
sys.path[:0] = sys.argv[1:3]
import edited
lesson = edited.start(open(sys.argv[3], encoding="utf-8").read())
print(json.dumps([json.loads(lesson.answer(method, json.dumps(args))) for method, args in json.load(sys.stdin)]))
"""

PASTE = """(editor, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, composed: true, cancelable: true }));
}"""


def cpython_on(folder, text, *questions):
    (folder / "microgpt.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", IN_CPYTHON, folder, ROOT / "py", WEIGHTS]
    done = subprocess.run(command, input=json.dumps(questions), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def edit_of(old, new):
    assert MODEL.count(old) >= 1
    return MODEL.replace(old, new)


def editor(page):
    return page.get_by_role("textbox", name="microgpt.py", exact=True)


def room(page):
    return page.get_by_role("region", name="microgpt.py, yours to change")


def button(page, name):
    return room(page).get_by_role("button", name=name, exact=True)


def open_editor(page):
    if not room(page).is_visible():
        page.get_by_role("button", name="Edit", exact=True).click()
    expect(editor(page)).to_be_visible()


def put(page, text):
    """Paste a text over all that is in the editor. To have it typed takes a second of the processor's time."""
    editor(page).focus()
    page.keyboard.press("ControlOrMeta+a")
    editor(page).evaluate(PASTE, text)


def said(page):
    return room(page).get_by_role("status").first


def run(page, text):
    put(page, text)
    button(page, "Run").click()


def run_well(page, text):
    run(page, text)
    expect(said(page)).to_have_text("Your edit is on the screen.")


def restore(page):
    """The original, whatever there was; and the text to look at."""
    open_editor(page)
    if button(page, "Restore").is_enabled():
        button(page, "Restore").click()
    expect(whose(page)).to_have_text(ORIGINAL)


def whose(page):
    return page.locator("#whose")


def trouble(page):
    return room(page).get_by_role("alert")


def text_of(page):
    """All that is in the editor, wherever it is scrolled to: as it is kept."""
    return page.evaluate("() => JSON.parse(localStorage.getItem('trenchcoat-edit'))?.text ?? null")


def wait_until_kept(page, text):
    page.wait_for_function("text => JSON.parse(localStorage.getItem('trenchcoat-edit'))?.text === text", arg=text)


def originals(page):
    """What the original gives, in the rows of the bars."""
    data = shown.table(page, "Next-character probabilities").locator(".original data")
    return [float(value) for value in data.evaluate_all("nodes => nodes.map(node => node.value)")]


def test_an_edit_computes_what_cpython_computes_with_the_same_file_and_the_screen_says_which_it_is(
    lesson, cpython, tmp_path
):
    lesson.set_viewport_size(
        {"width": 1280, "height": 1400}
    )  # what the edge of a column cuts in two looks small to axe
    restore(lesson)
    digest, loaded = lesson.locator("#digest"), lesson.locator("[data-path='py/microgpt.py'] [data-sha256=loaded]")
    original = hashlib.sha256(MODEL.encode()).hexdigest()
    expect(digest).to_have_text(original)
    expect(loaded).to_have_text(original)
    shown.write(lesson, "emma")
    text = edit_of(*RELU).replace("beta1=0.85", "beta1=0.8") + "\n# mine\n"
    run_well(lesson, text)
    edits = hashlib.sha256(text.encode()).hexdigest()
    expect(digest).to_have_text(edits)
    expect(loaded).to_have_text(edits)
    expect(whose(lesson)).to_have_text("Computed by your edit of microgpt.py: 4 lines changed.")
    for place in ("#proof summary", "#provenance"):
        expect(lesson.locator(place)).to_have_text(re.compile("your edit"))
    names = json.loads(lesson.locator("#build").text_content())["compared"]
    answer, average = cpython_on(tmp_path, text, ("show", ["emma", 1.0, 1, []]), ("average_loss", [names]))

    expected = answer["positions"][-1]["candidates"]
    before = {each["token"]: each["p"] for each in cpython.show("emma", 1.0, 1, [])["positions"][-1]["candidates"]}
    other = shown.table(lesson, "Next-character probabilities").locator("[data-part=other] .original data")
    rest = sum(before[each["token"]] for each in expected[6:])  # of the edit's "other", which is made of other letters
    assert float(other.get_attribute("value")) == pytest.approx(rest, abs=1e-12)
    lesson.get_by_role("button", name=re.compile("Show all")).first.scroll_into_view_if_needed()
    shown.panel(lesson).get_by_role("button", name="Show all 27").click()
    expect(shown.table(lesson, "Next-character probabilities").locator(".original data")).to_have_count(27)
    rows = shown.rows(lesson, "Next-character probabilities")
    assert [row["header"] for row in rows] == [each["token"] for each in expected]
    assert [row["numbers"][0].value for row in rows] == pytest.approx([each["p"] for each in expected], abs=1e-12)
    assert originals(lesson) == pytest.approx([before[each["token"]] for each in expected], abs=1e-12)
    assert before[expected[0]["token"]] != pytest.approx(expected[0]["p"], abs=1e-6)
    shown.panel(lesson).get_by_role("button", name="Show the likeliest").click()

    compared = lesson.get_by_text(f"Average loss over {len(names)} names")
    expect(compared).to_be_visible()
    both = [float(value) for value in compared.locator("data").evaluate_all("nodes => nodes.map(node => node.value)")]
    assert both == pytest.approx([average, cpython.average_loss(names)], abs=1e-12)

    shown.choose_mode(lesson, "Loss")
    columns = shown.rows(lesson, "Loss at each position")
    assert [row["numbers"][1].value for row in columns] == pytest.approx(
        [each["nll"] for each in answer["positions"]], abs=1e-12
    )
    shown.choose_mode(lesson, "Forward")
    put(lesson, text.replace("0.8,", "0.7,"))
    expect(said(lesson)).to_have_text(re.compile("as it was when you ran it"))

    # Everybody can read the editor, the changes, and what is wrong.
    run(lesson, edit_of(LAST, "    return 1 / 0"))
    expect(trouble(lesson)).to_be_visible()
    expect(lesson.locator("#sandbox .original").first).to_be_visible()
    button(lesson, "Show changes").click()
    for scheme in ("light", "dark"):
        lesson.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        lesson.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")
        assert findings(lesson, "#edit, #sandbox") == []
    button(lesson, "Show changes").click()

    restore(lesson)
    expect(digest).to_have_text(original)
    expect(loaded).to_have_text(original)
    expect(lesson.locator(".outline:visible")).to_have_count(0)


def test_an_edit_of_another_shape_computes_with_random_weights_and_says_so(lesson, tmp_path):
    restore(lesson)
    shown.write(lesson, "emma")
    text = edit_of("n_layer = 1", "n_layer = 2")
    run(lesson, text)
    expect(said(lesson)).to_have_text(re.compile("^Your edit is on the screen.*its weights are random: train it"))
    (answer,) = cpython_on(tmp_path, text, ("show", ["emma", 1.0, 1, []]))
    expected = answer["positions"][-1]["candidates"][:6]
    rows = shown.rows(lesson, "Next-character probabilities")[:6]
    assert [row["numbers"][0].value for row in rows] == pytest.approx([each["p"] for each in expected], abs=1e-12)
    put(lesson, text + "\n")
    expect(said(lesson)).to_have_text(re.compile("as it was when you ran it"))
    restore(lesson)


def test_edit_run_error_restore_undo_reload_download_and_open(open_page, boot, tmp_path):
    page = open_page()
    page.goto("./")
    boot(page)
    open_editor(page)
    mine = edit_of(*RELU)
    run_well(page, mine)
    expect(page.locator(".original").first).to_be_visible()
    before = shown.rows(page, "Next-character probabilities")

    broken = edit_of(LAST, LAST.replace("linear", "linnear"))
    run(page, broken)
    expect(trouble(page)).to_contain_text("So what you ran before stays on the screen.")
    line = 1 + broken[: broken.index("linnear")].count("\n")
    expect(button(page, f"Go to line {line}")).to_be_visible()
    expect(page.locator(".wrong")).to_have_text(LAST.replace("linear", "linnear"))
    expect(trouble(page).locator("pre")).to_be_hidden()
    trouble(page).get_by_text("What Python says").click()
    expect(trouble(page).locator("pre")).to_contain_text(f"line {line}, in gpt")
    expect(whose(page)).to_have_text(re.compile("1 line changed"))
    assert shown.rows(page, "Next-character probabilities") == before
    shown.write(page, "anna")  # which what was running before answers

    button(page, "Show changes").click()
    expect(button(page, "Show changes")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".cm-deletedChunk")).to_contain_text("linear(x, weights")
    button(page, "Show changes").click()

    button(page, "Restore").click()
    expect(whose(page)).to_have_text(ORIGINAL)
    expect(trouble(page)).to_be_hidden()
    editor(page).focus()
    page.keyboard.press("ControlOrMeta+z")
    wait_until_kept(page, broken)
    put(page, mine)
    wait_until_kept(page, mine)

    page.reload()
    boot(page)
    expect(page.locator("#edit-word")).to_contain_text("Your edit is kept here: 1 line changed.")
    expect(whose(page)).to_have_text(ORIGINAL)
    open_editor(page)
    with page.expect_download() as downloading:
        button(page, "Download").click()
    assert downloading.value.suggested_filename == "microgpt.py"
    saved = tmp_path / "mine.py"
    downloading.value.save_as(saved)
    assert saved.read_text(encoding="utf-8") == mine
    assert "def gpt" not in page.url

    restore(page)
    with page.expect_file_chooser() as choosing:
        button(page, "Open a file").click()
    choosing.value.set_files(saved)
    wait_until_kept(page, mine)
    page.keyboard.press("Tab")
    editor(page).press("ControlOrMeta+Enter")
    expect(said(page)).to_have_text("Your edit is on the screen.")


RUNAWAYS = {
    "at import": ("import math\n", "import math\nwhile True: pass\n"),
    "in gpt": (LAST, "    while True: pass"),
    "in a callback": (
        "import math\n",
        "import math, js\nfrom pyodide.ffi import create_proxy\n\ndef forever():\n    while True: pass\n\n"
        "js.setTimeout(create_proxy(forever), 0)\n",
    ),
}


@pytest.mark.parametrize("runaway", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_is_stopped_and_the_last_working_state_comes_back(lesson, runaway):
    restore(lesson)
    shown.write(lesson, "bob")
    run(lesson, edit_of(*runaway))
    if "setTimeout" not in runaway[1]:  # which strikes before its first answers, or among them
        shown.write(lesson, "emma")  # the original answers meanwhile
        expect(lesson.get_by_role("button", name="Stop the edit")).to_be_visible()
    expect(said(lesson)).to_contain_text("has not answered for a few seconds")
    lesson.evaluate("window.asked = performance.now()")
    button(lesson, "Stop").click()
    expect(said(lesson)).to_contain_text("Stopped. The original is on the screen again")
    expect(whose(lesson)).to_have_text(ORIGINAL)
    expect(lesson.get_by_role("button", name="Stop the edit")).to_be_hidden()
    shown.write(lesson, "ann")
    wait_until_kept(lesson, edit_of(*runaway))  # it is still there


def worst():
    """(what a learner does, the edit, what is said of it, the way to mend it that is offered): one of a kind.

    tests/test_explained.py has them all.
    """
    quoted = MODEL.replace('weights["lm_head"]', "weights[“lm_head”]")
    return [
        ("exit()", edit_of(LAST, "    exit()"), "The program ended itself", None),
        (
            "import js",
            edit_of("import math\n", "import math, js\njs.document.title = 'mine'\n"),
            "kept apart from the page",
            None,
        ),
        (
            "memory",
            edit_of(LAST, "    kept = []\n    while True: kept.append(bytearray(20_000))"),
            "There is no room left",
            None,
        ),
        ("no gpt", edit_of("def gpt(", "def gtp("), "The page asks microgpt.py for gpt", None),
        ("strings", edit_of(LAST, "    return ['a'] * 27"), "gpt gave back ['a'", None),
        ("curly quotes", quoted, "left double quotation mark", "Replace all such characters in the file"),
    ]


def test_whatever_a_learner_does_is_told_and_the_original_stays(lesson):
    restore(lesson)
    shown.write(lesson, "ann")
    title = lesson.title()
    for name, text, words, mend in worst():
        run(lesson, text)
        expect(trouble(lesson), name).to_contain_text(words)
        expect(trouble(lesson), name).to_contain_text("So the original stays on the screen.")
        expect(whose(lesson), name).to_have_text(ORIGINAL)
        if mend:
            trouble(lesson).get_by_role("button", name=mend).click()
            expect(trouble(lesson), name).to_be_hidden()
            button(lesson, "Run").click()
            expect(said(lesson), name).to_have_text(re.compile("^(This is the original|Your edit is on the screen)"))
            restore(lesson)
        shown.write(lesson, "anna" if shown.text_field(lesson).input_value() == "ann" else "ann")
    assert lesson.title() == title


@pytest.mark.parametrize(
    "wrong, words, value",
    [
        ("[e * math.nan for e in exps]", "The probability of a is nan: not a number", None),
        ("[Value(0.5) for e in exps]", "Together the probabilities are 13.5", 13.5),
    ],  # of tests/test_edited.py, which has them all
)
def test_what_is_no_distribution_is_said_where_it_would_be_drawn(lesson, wrong, words, value):
    restore(lesson)
    shown.write(lesson, "ann")
    run_well(lesson, edit_of(SOFTMAX, f"    if len(exps) == 27: return {wrong}\n{SOFTMAX}"))
    notice = lesson.locator("#sandbox").get_by_role("alert").filter(has_text="there is no distribution to draw")
    expect(notice).to_contain_text(words)
    expect(lesson.locator("#forward-panel")).to_be_hidden()
    expect(whose(lesson)).to_contain_text("your edit")
    if value is not None:
        assert float(notice.locator("data").get_attribute("value")) == value
    restore(lesson)
    expect(notice).to_be_hidden()
    expect(lesson.locator("#forward-panel")).to_be_visible()
    shown.wait_for_reading(lesson, "ann")


def test_where_the_truth_has_no_probability_the_bars_stand_and_loss_says_why_there_is_none(lesson, tmp_path):
    restore(lesson)
    shown.write(lesson, "anx")
    text = edit_of(SOFTMAX, f"    if len(exps) == 27: exps[23] = Value(0.0); scale = sum(exps) ** -1\n{SOFTMAX}")
    run_well(lesson, text)
    (answer,) = cpython_on(tmp_path, text, ("show", ["anx", 1.0, 1, []]))
    assert [row["numbers"][0].value for row in shown.rows(lesson, "Next-character probabilities")][:6] == pytest.approx(
        [each["p"] for each in answer["positions"][-1]["candidates"][:6]], abs=1e-12
    )
    expect(trouble(lesson)).to_contain_text("The logarithm of 0, or of less")
    shown.choose_mode(lesson, "Loss")
    notice = lesson.locator("#sandbox").get_by_role("alert").filter(has_text="There is no loss to draw")
    expect(notice).to_contain_text("The logarithm of 0, or of less")
    expect(lesson.locator("#loss-panel")).to_be_hidden()
    shown.choose_mode(lesson, "Sample")
    expect(notice).to_be_hidden()
    expect(lesson.locator("#sample-panel")).to_be_visible()
    shown.choose_mode(lesson, "Loss")
    shown.write(lesson, "ann")
    expect(lesson.locator("#loss-panel")).to_be_visible()
    expect(trouble(lesson)).to_be_hidden()
    shown.choose_mode(lesson, "Forward")


def test_what_is_printed_is_shown_for_what_is_asked_and_never_floods_the_page(lesson):
    restore(lesson)
    shown.write(lesson, "ann")
    printed = room(lesson).locator(".printed")
    run_well(lesson, edit_of(LAST, "    print('position', position)\n" + LAST))
    expect(printed.locator("pre")).to_have_text("".join(f"position {i}\n" for i in range(4)))
    shown.text_field(lesson).fill("anna")
    expect(printed.locator("pre")).to_have_text("position 4\n")
    run_well(lesson, edit_of(LAST, "    print('x' * 10_000_000)\n" + LAST))
    expect(printed).to_contain_text("more characters, not shown")
    assert len(printed.locator("pre").text_content()) <= 20_000
    restore(lesson)


def test_a_file_that_cannot_be_an_edit_is_refused_and_nothing_is_lost(lesson, tmp_path):
    restore(lesson)
    mine = edit_of(*RELU)
    put(lesson, mine)
    wait_until_kept(lesson, mine)
    large, binary = tmp_path / "large.py", tmp_path / "picture.py"
    large.write_text("# " + "x" * 5_000_000)
    binary.write_bytes(bytes(range(256)))
    for file, words in ((large, "large.py has 5.0 MB"), (binary, "picture.py is not a text file")):
        room(lesson).locator("input[type=file]").set_input_files(file)
        expect(trouble(lesson)).to_contain_text(words)
        assert text_of(lesson) == mine
    dropped = MODEL.replace("beta2=0.99", "beta2=0.9")
    lesson.evaluate(
        """text => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text.replaceAll("\\n", "\\r\\n")], "mine.py"));
          const editor = document.querySelector(".editor").shadowRoot.querySelector(".cm-content");
          editor.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, composed: true, cancelable: true }));
        }""",
        dropped,
    )
    wait_until_kept(lesson, dropped)
    expect(trouble(lesson)).to_be_hidden()


def test_the_editor_is_left_with_escape_and_tab_and_the_sandbox_stays(lesson):
    restore(lesson)
    editor(lesson).focus()
    lesson.keyboard.press("ControlOrMeta+Home")
    lesson.keyboard.press("Tab")
    expect(editor(lesson)).to_be_focused()
    wait_until_kept(lesson, "    " + MODEL)
    lesson.keyboard.press("Escape")
    lesson.keyboard.press("Tab")
    expect(editor(lesson)).not_to_be_focused()
    assert lesson.get_attribute("html", "data-beside") is not None
    restore(lesson)
    button(lesson, "Close the editor").click()
    expect(lesson.get_by_role("button", name="Edit", exact=True)).to_be_focused()
    lesson.locator("#sandbox").get_by_role("button", name="Edit these lines").first.click()
    expect(lesson.locator(".cm-activeLine")).to_have_text("def softmax(logits):")


def test_what_another_tab_keeps_overwrites_nothing_here_and_can_be_taken(lesson):
    restore(lesson)
    mine, theirs = MODEL + "# mine", MODEL + "# theirs"
    put(lesson, mine)
    wait_until_kept(lesson, mine)
    other = lesson.context.new_page()
    without_python(other)
    other.goto("./")
    open_editor(other)
    put(other, theirs)
    wait_until_kept(lesson, theirs)
    changed = "Another tab has changed the edit that this browser keeps."
    expect(room(lesson)).to_contain_text(changed)
    expect(editor(lesson)).to_contain_text("# mine")
    editor(lesson).press("!")  # here somebody goes on: then it is the other tab that is told
    wait_until_kept(lesson, mine + "!")
    expect(room(lesson)).not_to_contain_text(changed)
    expect(room(other)).to_contain_text(changed)
    expect(editor(other)).to_contain_text("# theirs")
    button(other, "Take the other tab’s").click()
    expect(editor(other)).to_contain_text("# mine!")
    expect(room(other)).not_to_contain_text(changed)
    editor(other).press("ControlOrMeta+z")
    wait_until_kept(lesson, theirs)
    expect(button(lesson, "Take the other tab’s")).to_be_visible()
    other.close()


def test_without_storage_an_edit_run_before_python_is_there_waits_for_it_and_nothing_is_fetched_twice(page):
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } })")
    asked, held = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile(r"\.wasm"), lambda route: held.append(route))
    page.goto("./")
    open_editor(page)
    put(page, edit_of(*RELU))
    expect(room(page)).to_contain_text("This browser keeps nothing for this page")
    button(page, "Run").click()
    expect(said(page)).to_have_text("Python itself is still starting. Your edit runs as soon as it can.")
    for route in held:
        route.continue_()
    expect(said(page)).to_have_text("Your edit is on the screen.")
    fetched = [address for address in asked if "/pyodide/" in address or "worker.js" in address]
    assert len(fetched) == len(set(fetched))
