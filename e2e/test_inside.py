"""Inside the coat: every line's numbers are those that CPython sees there, in the original and in an edit, by pointer and
by keyboard, and wherever the page stands."""

import pytest
from playwright.sync_api import expect

from e2e import shown
from e2e.test_access import findings
from e2e.test_edit import cpython_on, edit_of, open_editor, restore, run_well
from e2e.test_numbers import close_to

# Of each row of the table: the line, what stands there as its variable, its shape, and the full values of its numbers.
ROWS = """
table => [...table.rows].filter(row => row.querySelector(".at")).map(row => {
  const [code, name, shape, values, others] = row.cells;
  const numbers = cell => [...(cell?.querySelectorAll("data") ?? [])].map(each => each.value);
  return [code.querySelector("data").value, name.textContent, shape.textContent, numbers(values), numbers(others)];
})
"""


def inside(page):
    return page.get_by_role("region", name="Inside the coat", exact=True)


def table(page):
    return inside(page).get_by_role("table", name="Values by line")


def button(page, name):
    return inside(page).get_by_role("button", name=name, exact=True)


def current(page):
    return table(page).locator("[aria-current=step]")


def open_coat(page):
    if not inside(page).is_visible():
        shown.sandbox(page).get_by_role("tabpanel").get_by_role("button", name="Open the coat").click()
    expect(table(page)).to_be_visible()


def open_link(page, link, text, position):
    shown.open_link(page, link, text=text)
    shown.wait_for_reading(page, text[:position])
    open_coat(page)
    letter = "START" if position == 0 else text[position - 1]
    expect(inside(page)).to_contain_text(f"for {letter} at position {position}")


def rows(page):
    return table(page).evaluate(ROWS)


def expected(calls, kind="values"):
    """The rows that look_inside() answers, without those of the calls that are not opened."""
    for call in calls:
        for step in call["steps"]:
            for made in step["made"]:
                name = "returned" if made["name"] == "return" else made["name"]
                if "values" not in made:
                    yield str(step["line"]), name, "", []
                    continue
                shape = f"({', '.join(map(str, made['shape']))}{',' * (len(made['shape']) == 1)})"
                yield str(step["line"]), name + "".join(f"[{i}]" for i in made["index"]), shape, flat(made[kind])


def flat(values):
    return [leaf for each in values for leaf in flat(each)] if isinstance(values, list) else [values]


def number(text):
    return None if text == "" else float(text)


def check(page, answer, kind="values", other=None):
    """Whether the table says what Python answers."""
    found, wanted = rows(page), [*expected(answer["calls"], kind)]
    assert [row[:3] for row in found] == [[*row[:3]] for row in wanted]
    for (line, name, _, values, _), (*_, right) in zip(found, wanted, strict=True):
        assert [number(each) for each in values] == [each if each is None else close_to(each) for each in right], (
            line,
            name,
        )
    if other:
        for (line, name, _, _, others), (*_, shape, right) in zip(found, expected(other["calls"], kind), strict=True):
            if shape not in ("", "()"):
                assert [number(each) for each in others] == [
                    each if each is None else close_to(each) for each in right
                ], (line, name)


def choose_line(page, text):
    table(page).locator(".line-row", has_text=text).first.get_by_role("button").first.click()


@pytest.mark.parametrize("text, position", [("anna", 3), ("", 0), ("alexandria", 10)])
def test_every_line_shows_what_cpython_sees_there(lesson, cpython, text, position):
    open_link(lesson, f"#text={text}&position={position}", text, position)
    check(lesson, cpython.look_inside(text, position))


def test_the_picture_follows_what_is_typed_and_chosen(lesson, cpython):
    open_link(lesson, "#text=anna", "anna", 4)
    shown.text_field(lesson).fill("jo")
    expect(inside(lesson)).to_contain_text("for o at position 2")
    check(lesson, cpython.look_inside("jo", 2))
    shown.position(lesson, 1).check()
    expect(inside(lesson)).to_contain_text("for j at position 1")
    check(lesson, cpython.look_inside("jo", 1))


def test_gradients_and_random_weights_are_those_of_cpython(lesson, cpython):
    open_link(lesson, "#text=anna&position=3", "anna", 3)
    inside(lesson).get_by_role("radio", name="Gradients").check()
    expect(table(lesson).get_by_role("columnheader", name="Gradients")).to_be_visible()
    check(lesson, cpython.look_inside("anna", 3, "position"), "gradients")
    inside(lesson).get_by_role("checkbox", name="Random weights beside").check()
    expect(table(lesson).get_by_role("columnheader", name="With random weights")).to_be_visible()
    inside(lesson).get_by_role("radio", name="of the whole name").check()
    wanted = cpython.look_inside("anna", 3, "text"), cpython.look_inside("anna", 3, "text", True)
    row = [*expected(wanted[0]["calls"], "gradients")][-1]
    expect(table(lesson).locator("tr").last.locator("data").last).to_have_attribute("value", str(row[-1][0]))
    check(lesson, wanted[0], "gradients", wanted[1])
    inside(lesson).get_by_role("radio", name="of the next letter").check()
    inside(lesson).get_by_role("radio", name="Values").check()
    inside(lesson).get_by_role("checkbox").uncheck()
    expect(table(lesson).get_by_role("columnheader", name="Values")).to_be_visible()


def test_a_triangle_for_each_head_says_who_looks_back_at_whom(lesson, cpython):
    open_link(lesson, "#text=anna&position=3", "anna", 3)
    for each in cpython.look_back("anna")["shares"]:
        name = f"attention, layer 0, start {each['loops'][1][1]}"
        triangle = inside(lesson).get_by_role("table", name=name, exact=True)
        expect(triangle.get_by_role("row")).to_have_count(6)
        values = triangle.evaluate(
            "it => [...it.rows].map(row => [...row.querySelectorAll('data')].map(each => +each.value))"
        )
        assert values[:5] == [[close_to(share) for share in row] for row in each["rows"]]
    triangle.get_by_role("row").nth(2).locator("td").first.click()
    expect(inside(lesson)).to_contain_text("for n at position 2")
    expect(inside(lesson)).to_contain_text("comes from START")
    expect(inside(lesson)).to_contain_text("no explanation yet")


def test_a_line_is_chosen_marked_in_the_listing_and_entered(lesson, cpython):
    open_link(lesson, "#text=anna&position=3", "anna", 3)
    choose_line(lesson, "query = linear")
    line = current(lesson).inner_text()
    assert lesson.locator(f"#line-{line}").evaluate("it => it.matches('.ran')")
    assert lesson.locator(".listing .ran").count() == 2, "in the subsection and in the whole file"
    expect(inside(lesson)).to_contain_text(f"Line {line} made query, shape (16,): 16 numbers.")
    expect(inside(lesson)).to_contain_text("what do I look for?")
    table(lesson).get_by_role("button", name="into rmsnorm()").first.click()
    inner = cpython.look_inside("anna", 3)["calls"][0]["steps"][1]["calls"][0]["steps"]
    found = [row for row in rows(lesson) if row[0] in {str(step["line"]) for step in inner}]
    assert [number(each) for each in found[0][3]] == [close_to(inner[0]["made"][0]["values"])]
    assert len(found) == 9, "wherever it is called"
    table(lesson).get_by_role("button", name="into rmsnorm()").first.click()
    button(lesson, "Close").click()
    expect(inside(lesson)).to_be_hidden()
    expect(lesson.locator(".listing .ran")).to_have_count(0)


def test_a_loss_is_followed_back_to_a_weight_by_the_keyboard_alone(lesson, cpython):
    open_link(lesson, "#text=anna&position=3", "anna", 3)
    opener = shown.panel(lesson).get_by_role("button", name="Close the coat")
    opener.focus()
    lesson.keyboard.press("Enter")
    expect(inside(lesson)).to_be_hidden()
    lesson.keyboard.press("Enter")
    expect(inside(lesson).get_by_role("heading", name="Inside the coat")).to_be_focused()
    choose_line(lesson, "x = [t + p")
    current(lesson).focus()
    lesson.keyboard.press("ArrowDown")
    lesson.keyboard.press("ArrowRight")
    lesson.keyboard.press("ArrowRight")
    step = cpython.look_inside("anna", 3)["calls"][0]["steps"][1]
    expect(inside(lesson).get_by_role("paragraph").filter(has_text="x[1]").locator("data").first).to_have_attribute(
        "value", str(step["made"][0]["values"][1])
    )
    expect(current(lesson)).to_be_focused()
    button(lesson, "Follow it back").focus()
    lesson.keyboard.press("Enter")
    followed = inside(lesson).get_by_role("region", name="Follow it back")
    expect(followed.get_by_role("heading", name="x[1]")).to_be_focused()

    path = []
    start = [step["number"], "x", [1]]
    while True:
        told = cpython.follow_back("anna", 3, "position", start, path)
        expect(followed.locator("data").first).to_have_attribute("value", str(told["number"]))
        expect(followed.locator("data").nth(1)).to_have_attribute("value", str(told["gradient"]))
        assert followed.get_by_role("navigation").get_by_role("listitem").count() == len(path) + 1
        if told["largest"] is None:
            break
        if len(told["inputs"]) <= 8:
            cells = followed.get_by_role("table").evaluate(
                "it => [...it.querySelectorAll('td data')].map(each => +each.value)"
            )
            order = sorted(told["inputs"], key=lambda each: -abs(each["contribution"]))
            assert cells == [
                close_to(number)
                for each in order
                for number in (each["number"], told["gradient"], each["local"], each["contribution"])
            ]
        path.append(told["largest"])
        lesson.keyboard.press("ArrowRight")
    assert told["weight"]
    expect(followed).to_contain_text("Here the way ends, at a weight.")
    expect(followed.get_by_role("heading", name=told["name"], exact=True)).to_be_focused()
    lesson.keyboard.press("ArrowLeft")
    expect(followed.get_by_role("listitem")).to_have_count(len(path))
    lesson.keyboard.press("Escape")
    expect(table(lesson)).to_be_visible()


def test_an_edit_has_a_picture_of_its_own_and_its_line_is_marked_in_the_editor(lesson, tmp_path):
    text = edit_of(
        "            attention = softmax(scores)", "            gaze = scores\n            attention = softmax(gaze)"
    )
    open_editor(lesson)
    run_well(lesson, text)
    open_link(lesson, "#text=anna&position=3", "anna", 3)
    expect(table(lesson).get_by_role("rowheader", name="gaze").first).to_be_visible()
    (answer,) = cpython_on(tmp_path, text, ("look_inside", ["anna", 3]))
    check(lesson, answer)
    choose_line(lesson, "gaze = scores")
    expect(lesson.locator(".editor .looked-at")).to_have_text("            gaze = scores")
    restore(lesson)
    expect(table(lesson).get_by_role("rowheader", name="gaze")).to_have_count(0)
    button(lesson, "Close").click()


@pytest.mark.parametrize("width, scheme, shows", [(320, "light", "Gradients"), (1280, "dark", "Values")])
def test_everybody_can_look_inside(lesson, width, scheme, shows):
    lesson.set_viewport_size({"width": width, "height": 740})
    lesson.emulate_media(color_scheme=scheme)
    open_link(lesson, "#text=christophe", "christophe", 10)
    expect(inside(lesson).get_by_role("table", name="attention, layer 0, start 0")).to_be_visible()
    inside(lesson).get_by_role("radio", name=shows).check()
    assert findings(lesson, "#inside") == []
    assert lesson.evaluate("document.documentElement.scrollWidth") <= width
    button(lesson, "Follow the loss back").click()
    expect(button(lesson, "Along the largest")).to_be_visible()
    expect(inside(lesson).locator(":is(h4, button):empty")).to_have_count(0)  # what it says is there as well
    assert findings(lesson, "#inside") == []
    assert lesson.evaluate("document.documentElement.scrollWidth") <= width
    button(lesson, "Back to the lines").click()
    lesson.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.expects("inside.js|Failed to load resource")
def test_a_look_inside_that_cannot_be_fetched_says_so_and_can_be_had_again(page, site, boot):
    page.route("**/inside.js*", lambda route: route.abort())
    page.goto("./#text=ada")
    boot(page)
    opener = page.get_by_role("tabpanel").get_by_role("button", name="Open the coat")
    opener.click()
    expect(inside(page).get_by_role("status")).to_contain_text("Then press Open the coat again.")
    page.unroute("**/inside.js*")
    page.get_by_role("tabpanel").get_by_role("button", name="Close the coat").click()
    opener.click()
    expect(table(page)).to_be_visible()
