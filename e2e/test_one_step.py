"""Watch one step: every number of a real training step is CPython's, moment by moment, forward and back."""

import pytest
from playwright.sync_api import expect
from trainer import Trainer

from building import WEIGHTS
from building.step_lines import MOMENTS
from e2e.test_access import findings
from e2e.test_edit import edit_of, restore, run_well
from e2e.test_train import (
    DESCENT,
    SETTINGS,
    TEXTS,
    UPDATE,
    begin_anew,
    button,
    losses,
    numbers,
    open_train,
    panel,
    set_up,
)

PLACE = {"matrix": "layer0.wq", "row": 3, "column": 5}
# The numbers in the picture that can be seen, in their order.
SEEN = """part => [...part.querySelectorAll(".step-shown data")]
    .filter(each => each.checkVisibility({ visibilityProperty: true })).map(each => Number(each.value))"""


@pytest.fixture
def here():
    """A trainer in this Python that has begun the same run."""
    trainer = Trainer(WEIGHTS.read_text(encoding="utf-8"))
    trainer.begin(TEXTS, SETTINGS)
    return trainer


def set_up_anew(page):
    """A run that has not begun, in the sandbox in its place."""
    page.set_viewport_size({"width": 1280, "height": 720})
    begin_anew(page)
    if page.locator("html[data-beside]").count():
        page.locator("#move").click()
    set_up(page)


def view(page):
    return panel(page).get_by_role("region", name="Watch the step")


def heading(page, step):
    return view(page).get_by_role("heading", name=f"Step {step}, slowly")


def on(page):
    return view(page).get_by_role("button", name="One moment on")


def caption(page):
    return view(page).locator(".moment").inner_text()


def stage(page):
    return view(page).get_by_role("list", name="Stages of the step").locator("[aria-current=step]").inner_text()


def seen(page):
    return view(page).evaluate(SEEN)


def marked(page):
    """The numbers of the lines of code that the moment is about."""
    lines = view(page).locator(".now[data-number]:visible, li.now [data-number]:visible")
    return lines.evaluate_all("lines => lines.map(line => Number(line.dataset.number))")


def expected(told):
    """The numbers that are to be seen at each moment, in order."""
    positions, adam, settings, weight = told["positions"], told["adam"], told["settings"], told["weight"]
    m, v, rate, eps, grad, made = adam["m"], adam["v"], adam["rate"], adam["epsilon"], told["grad"], told["step"]
    nlls, count = [each["nll"] for each in positions], len(positions)
    priced = [each[key] for each in positions for key in ("p", "nll")]
    again = [each[key] for each in positions for key in ("p", "p_after", "nll", "nll_after")]
    b1, b2 = settings["beta1"], settings["beta2"]
    lines = {
        "rate": [settings["learning_rate"], adam["step"], settings["steps"], rate],
        "m": [b1, m["before"], b1, grad, m["after"]],
        "v": [b2, v["before"], b2, grad, v["after"]],
        "mean": [m["after"], b1, made, m["after"], m["correction"], m["corrected"]],
        "mean_square": [v["after"], b2, made, v["after"], v["correction"], v["corrected"]],
        "change": [rate, m["corrected"], v["corrected"], eps, rate, m["corrected"], adam["root"], eps, adam["change"]],
    }
    moved = [weight["before"], abs(weight["change"]), weight["after"]]
    uses = [use[key] for use in told["uses"] for key in ("incoming", "local", "product")]
    moments = {
        "tokens": [],
        "probs": [each["p"] for each in positions],
        "nll": priced,
        "average": [*priced, told["loss"], *nlls, count, told["loss"]],
        "backward": [grad],
        "uses": [*uses, grad] if uses else [],
    }
    names = list(lines)
    moments |= {name: sum((lines[each] for each in names[: i + 1]), []) for i, name in enumerate(names)}
    return moments | {"weight": moved, "after": [*moved, *again, told["loss"], told["loss_after"]]}


def expect_numbers(page, told):
    """Go through all moments, and compare. Returns the captions."""
    captions = []
    view(page).get_by_role("button", name="Forward").click()
    for name, wanted in expected(told).items():
        assert seen(page) == pytest.approx(wanted, abs=1e-9), name
        captions.append(caption(page))
        if name != "after":
            on(page).click()
    expect(on(page)).to_be_disabled()
    return captions


def test_a_step_is_told_with_cpythons_numbers_forward_and_back_and_of_any_weight(lesson, here):
    set_up_anew(lesson)
    button(lesson, "Watch one step").click()
    expect(heading(lesson, 1)).to_be_focused()
    told = here.watch_step()["watched"]
    text = told["text"]
    tokens = view(lesson).get_by_role("list", name="Tokens")
    assert "".join(tokens.get_by_role("listitem").all_inner_texts()) == f"START{text}STOP"
    captions = expect_numbers(lesson, told)
    assert len(set(captions)) == len(MOMENTS)

    # Back by one, to the beginning; the stages lead to their first moment.
    back = view(lesson).get_by_role("button", name="One moment back")
    for words in reversed(captions[:-1]):
        back.click()
        assert caption(lesson) == words
        assert view(lesson).locator("p.sr-only[role=status]").inner_text().split() == words.split() or text in words
    expect(back).to_be_disabled()
    view(lesson).get_by_role("button", name="Update").click()
    assert (stage(lesson), caption(lesson)) == ("Update", captions[6])

    # Beside each stands the code that does it, and leads to its place in the listing.
    assert [lesson.locator(f"#file-{line}").text_content().strip()[:6] for line in marked(lesson)] == ["rate ="]
    link = view(lesson).get_by_role("link", name="py/microgpt.py, lines")
    expect(lesson.locator(link.get_attribute("href"))).to_contain_text("def training_step")

    # Another weight of the same step: it is told of that one, wherever one is.
    view(lesson).get_by_role("button", name="Gradient").click()
    view(lesson).get_by_label("Matrix").select_option(PLACE["matrix"])
    for name in ("row", "column"):
        expect(view(lesson).get_by_label("Matrix")).to_have_value(PLACE["matrix"])
        field = view(lesson).get_by_label(name.capitalize(), exact=True)
        field.fill("99")
        field.blur()
        expect(view(lesson).get_by_text("There are 16 rows and 16 columns here")).to_be_visible()
        field.fill(str(PLACE[name]))
        field.blur()
        expect(view(lesson).get_by_text("There are 16 rows and 16 columns here")).to_be_hidden()
    other = here.watch_weight(PLACE)
    gradient = ".backward > div > .formula data"
    lesson.wait_for_function(
        "([node, grad]) => Math.abs(Number(document.querySelector(node)?.value) - grad) < 1e-12",
        arg=[gradient, other["grad"]],
    )
    expect_numbers(lesson, other)
    view(lesson).get_by_role("button", name="Gradient").click()
    assert findings(lesson, ".one-step") == []

    # A place in the picture of the matrix, pointed at.
    drawing = view(lesson).locator(".gradients svg")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    drawing.click(position={"x": box["width"] * 12.5 / 16, "y": box["height"] * 7.5 / 16})
    expect(view(lesson).get_by_label("Row", exact=True)).to_have_value("7")
    expect(view(lesson).get_by_label("Column", exact=True)).to_have_value("12")

    # The next step follows the same weight; what is trained is a run like any other.
    view(lesson).get_by_role("button", name="Watch the next step").click()
    expect(heading(lesson, 2)).to_be_visible()
    following = here.watch_step({**PLACE, "row": 7, "column": 12})["watched"]
    expect_numbers(lesson, following)
    assert losses(lesson)[0] == pytest.approx([told["loss"], following["loss"]], abs=1e-9)
    assert numbers(lesson, "Training")[0][0] == 2

    # Once the run has gone on, it cannot be told of another one.
    button(lesson, "One step").click()
    view(lesson).get_by_role("button", name="Gradient").click()
    expect(view(lesson).get_by_text("The run has gone on since.")).to_be_visible()
    expect(view(lesson).get_by_label("Matrix")).to_be_disabled()
    button(lesson, "Start over").click()
    expect(view(lesson)).to_be_hidden()


def test_a_keyboard_alone_goes_through_a_step_on_a_phone(lesson):
    set_up_anew(lesson)
    lesson.set_viewport_size({"width": 320, "height": 640})
    lesson.emulate_media(color_scheme="dark")
    opener = button(lesson, "Watch one step")
    opener.press("Enter")
    expect(heading(lesson, 1)).to_be_focused()
    heard = view(lesson).locator("p.sr-only[role=status]")
    slider = view(lesson).get_by_role("slider", name="Moment")
    for _ in range(20):
        lesson.keyboard.press("Tab")
        if slider.evaluate("node => node === document.activeElement"):
            break
    expect(slider).to_be_focused()
    said = []
    for moment in range(len(MOMENTS)):
        assert slider.get_attribute("aria-valuetext") == heard.text_content()
        said.append(heard.text_content())
        assert lesson.evaluate("document.documentElement.scrollWidth") <= 320, moment
        lesson.keyboard.press("ArrowRight")
    assert len(set(said)) == len(MOMENTS)
    assert stage(lesson) == "After"
    print(
        "SAID",
        lesson.evaluate(
            """[...document.querySelectorAll('.one-step .scroll')].map(n=>[n.scrollWidth,n.clientWidth, ...[...n.querySelectorAll('tr:nth-child(2) > *, tfoot > tr > *')].map(c=>[c.innerText, c.offsetWidth,c.scrollWidth])])"""
        ),
    )
    assert findings(lesson, ".one-step") == []
    view(lesson).get_by_role("button", name="Close").press("Enter")
    expect(view(lesson)).to_be_hidden()
    expect(opener).to_be_focused()
    lesson.set_viewport_size({"width": 1280, "height": 720})
    lesson.emulate_media(color_scheme="light")


def test_an_edit_that_updates_in_another_way_is_told_as_far_as_it_goes(lesson):
    begin_anew(lesson)
    lesson.get_by_role("button", name="Edit", exact=True).click()
    run_well(lesson, edit_of(UPDATE, DESCENT))
    open_train(lesson)
    set_up(lesson, steps=1)
    button(lesson, "Watch one step").click()
    expect(heading(lesson, 1)).to_be_visible()
    view(lesson).get_by_role("button", name="Update").click()
    assert "in another way than by Adam" in caption(lesson)
    expect(view(lesson).get_by_text("These are the lines of the original.")).to_be_visible()
    gradient, *moments, change = seen(lesson)
    assert len(moments) == 4
    assert change == pytest.approx(-0.5 * gradient, abs=1e-12)
    view(lesson).get_by_role("button", name="After").click()
    before, size, after = seen(lesson)
    assert abs(after - before) == pytest.approx(size, abs=1e-12)
    expect(view(lesson).get_by_role("button", name="Watch the next step")).to_be_disabled()
    restore(lesson)
