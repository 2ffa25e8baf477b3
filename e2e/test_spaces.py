"""Weights of other texts, with a space among their letters: the page builds, shows the space, says it and takes it."""

import re
from urllib.parse import parse_qs

import dataset
import pytest
import traced
import training
import weights_file
from lesson import Lesson
from playwright.sync_api import expect

from building import ROOT, code, figures, page, replay, server, site
from e2e import shown
from e2e.conftest import CONTEXT

TEXTS = [f"{first} {second}" for first in ("bo", "jo", "lu", "kit", "sue") for second in ("roy", "lou", "joe", "dee")]
SETTINGS = {"seed": 1, "steps": 120, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}
BLANK = """() => [...document.querySelectorAll(".face, .inline-token, .bars th, .losses td > :first-child, .draws b, .names li, button")]
    .filter(each => each.checkVisibility() && !each.textContent.trim()).map(each => each.outerHTML)"""


@pytest.fixture(scope="module")
def two_words(tmp_path_factory):
    """The site, built with weights of names of two words, and the lesson with them: (its files, the lesson)."""
    folder = tmp_path_factory.mktemp("two_words")
    run = training.Run(TEXTS, SETTINGS)
    run.engine = traced.Traced((ROOT / "py" / "microgpt.py").read_text(encoding="utf-8"), replay.Machine(), run)
    while not run.done:
        run.go_on(run.engine.at_once)
    trained = {**run.recipe(), "held_out_loss": 1.5}
    trained |= {**dataset.portrait(run.train), "written": training.written(run.weights, run.vocabulary, run.train, 1)}
    weights = folder / "microgpt.json"
    weights.write_text(weights_file.dump(run.weights, run.vocabulary, trained))
    with pytest.MonkeyPatch.context() as patch:
        for module in (figures, page, site):
            patch.setattr(module, "WEIGHTS", weights)
        built = site.build(folder / "dist")
    lesson = Lesson(weights.read_text())
    example, seed = figures.choose(lesson)
    return server.read(built), lesson, {**example, str(figures.SEED): str(seed)}


@pytest.fixture(scope="module")
def spaced(two_words, browser):
    """A page of that site with Python ready."""
    with server.running(two_words[0], "/") as address:
        context = browser.new_context(**CONTEXT, base_url=address)
        page = context.new_page()
        page.goto("./")
        page.wait_for_selector("html[data-python=ready]", timeout=90_000)
        yield page
        context.close()


def test_every_example_that_does_not_suit_the_weights_is_chosen_again(two_words):
    files, lesson, examples = two_words
    html = files["index.html"].body.decode()
    links = re.findall(r'class="try" href="#([^"]+)"', html)
    texts = [parse_qs(link.replace("&amp;", "&"), keep_blank_values=True)["text"][0] for link in links]
    assert len(texts) > 15
    assert set("".join(texts)) <= set(lesson.vocabulary) and max(map(len, texts)) <= 10
    assert "a" not in lesson.vocabulary and not {"ann", "anna", "python", "aria"} & {*examples.values()}
    assert figures.has_prices(lesson.read(examples["aria"])["positions"])
    assert figures.draws_from_other(lesson.show("", 1.0, int(examples["44"]), [1.0] * 16))


def test_the_lessons_own_examples_stay_where_they_suit(cpython):
    example, seed = figures.choose(cpython)
    assert {**example} == {name: name for name in example}
    assert seed == figures.SEED
    assert (
        code.code(cpython.vocabulary, 1, example=example)["sections"][0]["do"]["try"][0][1] == "#text=anna&mode=forward"
    )


def test_nothing_is_drawn_blank(spaced):
    text = "jo lou"
    for mode in ("Forward", "Loss", "Sample"):
        shown.choose_mode(spaced, mode)
        shown.text_field(spaced).fill(text)
        expect(shown.panel(spaced).locator(".face").nth(3)).to_contain_text("␣")
        assert spaced.evaluate(BLANK) == []
    spaced.get_by_role("button", name="Generate 20").click()
    expect(spaced.get_by_role("list", name="Generated names").get_by_role("listitem")).to_have_count(20)
    expect(spaced.get_by_role("list", name="Generated names")).to_contain_text("␣")
    assert spaced.evaluate(BLANK) == []


def test_a_space_is_typed_pasted_and_taken_as_any_other_character(spaced):
    shown.choose_mode(spaced, "Forward")
    field = shown.text_field(spaced)
    field.fill("")
    field.press_sequentially("Jo Lou")
    expect(field).to_have_value("jo lou")
    heading = shown.panel(spaced).get_by_role("heading", name="After START j o space l o u")
    expect(heading).to_be_visible()
    expect(heading).to_contain_text("␣")


def test_edges_go_but_not_the_space_between_two_words(spaced):
    field = shown.text_field(spaced)
    for pasted, text in [(" jo lou\n", "jo lou"), ("Jo\N{NO-BREAK SPACE}Lou ", "jo lou"), ("jo ", "jo")]:
        field.fill("")
        spaced.keyboard.insert_text(pasted)
        expect(field).to_have_value(text)
    spaced.keyboard.insert_text(" dee")
    expect(field).to_have_value("jo dee")


def test_a_screen_reader_hears_each_space_by_its_name(spaced, two_words):
    shown.choose_mode(spaced, "Loss")
    shown.text_field(spaced).fill("jo lou")
    expect(shown.position(spaced, 4)).to_have_attribute("aria-label", "position 4, l")
    expect(shown.position(spaced, 3)).to_have_attribute("aria-label", "position 3, space")
    assert [column.true for column in shown.columns(spaced)] == [*"jo", "space", *"lou", "STOP"]
    expect(spaced.locator("#live-region")).to_contain_text("Average loss of jo space lou: ")
    lesson = two_words[1]
    seed = next(n for n in range(1000) if lesson.show("jo", 1, n, [1])["text"] == "jo ")
    shown.open_link(spaced, f"text=jo&mode=sample&seed={seed}&draws=1")
    shown.wait_for_draws(spaced, 1)
    expect(spaced.locator("#live-region")).to_have_text(re.compile("^Drew space, .*%. The text is now jo space.$"))
    expect(shown.text_field(spaced)).to_have_value("jo ")
    (row,) = shown.rows(spaced, "Draws")
    assert row["texts"][4] == "space"
    shown.text_field(spaced).fill("jo")
    headers = [each["token"] for each in lesson.show("jo", 1, 1, [])["next"]["candidates"][:1]]
    expect(shown.table(spaced, "Next-character probabilities").get_by_role("rowheader").first).to_have_text("␣space")
    assert headers == [" "]
