"""The model's code beside the picture: its notes, the proof that it is the file, and how each leads to the other."""

import ast
import json
import re

import pytest
from playwright.sync_api import expect

from building import ROOT
from building.code import MODEL, PARTS
from building.digest import integrity, sha256
from e2e import shown

FILE = ROOT / MODEL
WEIGHTS = "weights/microgpt.json"
PROVED = [MODEL, WEIGHTS]
WHERE = re.compile(r"(\S+) (py/\w+\.py), lines? (\d+)(?: to (\d+))?")
MESSAGES = json.loads((ROOT / "web/words/en/messages.json").read_text())
EXCERPT = re.compile(r"\.py, lines? \d")  # in the name of every piece of code in the box


@pytest.fixture
def wide(lesson):
    lesson.set_viewport_size({"width": 1280, "height": 800})
    return lesson


@pytest.fixture
def narrow(lesson):
    lesson.set_viewport_size({"width": 320, "height": 700})
    return lesson


def code(page):
    return page.get_by_role("region", name="The code, line by line")


def box(page):
    return page.get_by_role("region", name="Computed by")


def choice(page, name):
    return box(page).get_by_role("radio", name=name, exact=True)


def excerpt(page, function):
    """The lines of a function in the box, if it shows them."""
    return box(page).get_by_role("group", name=re.compile(f"^{re.escape(function)} "))


def expect_computed_by(page, *functions):
    """Wait until the box shows lines of these functions, and of no others."""
    for function in functions:
        expect(excerpt(page, function)).to_be_visible()
    expect(box(page).get_by_role("group", name=EXCERPT)).to_have_count(len(functions))


def fold_of(page, section):
    """The sentence that opens a listing."""
    return page.locator(f"#code-{section} ~ details summary")


def listing_of(page, section):
    return page.locator(f"#code-{section} ~ details .listing")


def fold(page, opened=False):
    """Close all listings that open on demand, or open them."""
    page.evaluate(
        "open => document.querySelectorAll('#code details').forEach(each => { each.open = open && each.matches('.subsection > *'); })",
        opened,
    )


def bars(page):
    return shown.table(page, "Next-character probabilities").get_by_role("row")


def move_away(page):
    page.mouse.move(0, 0)


# ---- the proof ------------------------------------------------------------------------------


def digests(page):
    """Of the code as built and as loaded, then of the weights."""
    return page.locator("#proof [data-sha256]")


def test_the_digests_python_takes_are_those_of_the_code_and_the_weights(lesson):
    expect(digests(lesson)).to_have_text([sha256((ROOT / path).read_bytes()) for path in PROVED for _ in range(2)])
    line = code(lesson).get_by_text("Code and weights here are the project’s own, unchanged.")
    command = code(lesson).get_by_text("shasum -a 256 py/microgpt.py weights/microgpt.json")
    expect(command).to_be_hidden()
    line.click()
    expect(command).to_be_visible()
    expect(digests(lesson).last).to_be_visible()
    line.click()


@pytest.mark.parametrize("path, old, new", [(MODEL, b"exp(logit)", b"EXP(logit)"), (WEIGHTS, b"0.1", b"0.2")])
def test_another_file_is_called_another(page, boot, path, old, new):
    genuine = (ROOT / path).read_bytes()
    other = genuine.replace(old, new)
    assert other != genuine

    def page_that_takes_it(route):
        """The page refuses a file of another digest than its own; this one has been told the other's."""
        answer = route.fetch()
        right, wrong = (integrity(sha256(content)) for content in (genuine, other))
        assert right in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(right, wrong))

    page.route("**/trenchcoat/", page_that_takes_it)
    page.route(re.compile("/" + re.escape(path)), lambda route: route.fulfill(body=other, content_type="text/plain"))
    page.goto("./")
    boot(page)
    loaded = {each: (ROOT / each).read_bytes() for each in PROVED} | {path: other}
    expect(digests(page)).to_have_text(
        [sha256(content) for each in PROVED for content in ((ROOT / each).read_bytes(), loaded[each])]
    )
    expect(code(page)).to_contain_text(f"What runs here is not the project’s own. Another one is: {path}.")
    expect(code(page)).not_to_contain_text("unchanged")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_line_about_the_digests_does_not_move_what_follows_when_python_has_come(lesson, width):
    lesson.set_viewport_size({"width": width, "height": 740})
    heights = lesson.locator("#proof summary").evaluate(
        """(line, before) => {
          const proof = line.parentNode;
          const after = line.textContent;
          const height = (agrees, said) => {
            proof.dataset.agrees = agrees;
            line.textContent = said;
            return line.offsetHeight;
          };
          return [height("unknown", before), height("true", after)];
        }""",
        MESSAGES["proof_waiting"],
    )
    assert heights[0] == heights[1]


@pytest.mark.expects("py/microgpt.py")
def test_another_file_in_transit_is_refused(page):
    other = FILE.read_bytes().replace(b"exp(logit)", b"EXP(logit)")
    page.route(re.compile(r"/py/microgpt\.py"), lambda route: route.fulfill(body=other, content_type="text/plain"))
    page.goto("./")
    expect(page.locator("html")).to_have_attribute("data-python", "failed", timeout=60_000)
    expect(page.locator("#python-status")).to_contain_text("py/microgpt.py arrived damaged")


# ---- the annotated code -----------------------------------------------------------------------


def test_without_scripts_all_of_it_can_be_read(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("./")
    expect(code(page).get_by_text("def softmax(logits):").first).to_be_visible()
    expect(page.locator("#proof")).to_contain_text(MESSAGES["proof_waiting"])
    expect(box(page).get_by_role("group", name=EXCERPT)).to_have_count(sum(len(places) for _, places in PARTS.values()))
    expect(code(page).get_by_role("button")).to_have_count(0)
    fold_of(page, "gpt").click()
    expect(code(page).get_by_text("def gpt(token, position").first).to_be_visible()


def test_the_file_is_one_click_away_whole_and_as_it_is(wide, assets):
    expect(code(wide).get_by_text('"""microgpt: a whole language model')).to_be_hidden()
    code(wide).get_by_text("The whole file", exact=True).click()
    whole = code(wide).get_by_role("group", name=MODEL)
    assert whole.inner_text().splitlines() == FILE.read_text().splitlines()
    code(wide).get_by_text("The whole file", exact=True).click()
    link = code(wide).get_by_role("link", name="The file itself")
    assert assets[link.get_attribute("href")].body == FILE.read_bytes()


def test_each_note_stands_beside_its_lines_where_there_is_room(wide):
    places = blocks(wide)
    assert len(places) > 30
    for lines, note in places:
        assert note["left"] >= lines["right"] - 1
        assert lines["top"] - 1 <= note["top"] and note["bottom"] <= lines["bottom"] + 1


def test_on_a_phone_each_note_stands_under_its_lines_and_stays_while_they_scroll(narrow):
    for lines, note in blocks(narrow):
        assert note["top"] >= lines["bottom"] - 1
        assert note["left"] >= 0 and note["right"] <= 320
    listings = narrow.locator("#code .subsection .listing")
    assert listings.evaluate_all("all => all.every(each => (each.scrollLeft = 9999, each.scrollLeft > 0))")
    assert all(note["left"] >= 0 and note["right"] <= 320 for _, note in blocks(narrow))
    listings.evaluate_all("all => all.forEach(each => each.scrollLeft = 0)")


def blocks(page):
    """Where the lines of each note stand, and the note."""
    fold(page, opened=True)
    return page.locator("#code .block").evaluate_all(
        "all => all.map(each => [...each.querySelectorAll('pre, .beside')].map(one => one.getBoundingClientRect().toJSON()))"
    )


def test_no_line_makes_the_page_scroll_sideways(narrow):
    code(narrow).get_by_text("The whole file", exact=True).click()
    assert narrow.evaluate("document.documentElement.scrollWidth") == 320
    code(narrow).get_by_text("The whole file", exact=True).click()


SELECT = """([from, to]) => {
  const listing = document.querySelector("#code .subsection .listing");
  const [first, last] = [listing.querySelector(from), [...listing.querySelectorAll(to)].at(-1)];
  getSelection().setBaseAndExtent(first, 0, last, last.childNodes.length);
}"""


@pytest.fixture
def copied(wide):
    """A function that copies what is selected, and gives back what a paste would put in."""
    wide.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copied():
        wide.evaluate("navigator.clipboard.writeText('nothing')")
        wide.keyboard.press("Control+C")
        return wide.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")

    yield copied
    wide.evaluate("getSelection().removeAllRanges()")


def test_a_listing_selected_with_its_notes_is_copied_as_python(wide, copied):
    wide.evaluate(SELECT, ["[data-number]", ".beside"])
    code = copied()
    assert code in FILE.read_text()
    assert [each.name for each in ast.parse(code).body] == ["encode", "decode", "sentinel", "document"]


def test_from_the_middle_of_a_line_into_a_note_is_copied_as_the_lines_between(wide, copied):
    wide.evaluate(SELECT, ["[data-number] .nf", ".beside p"])
    assert copied().startswith("encode(text, vocabulary):\n    ")
    assert copied() in FILE.read_text()


def test_a_note_alone_and_a_whole_chapter_are_copied_as_they_stand(wide, copied):
    wide.evaluate("getSelection().selectAllChildren(document.querySelector('#code .beside p'))")
    assert copied().startswith("Each letter becomes its id: its place in the alphabet")
    wide.evaluate("getSelection().selectAllChildren(document.querySelector('#code .subsection'))")
    assert "The tokenizer" in copied() and "Each letter becomes" in copied()


def test_the_whole_file_is_copied_as_it_is(wide, copied):
    code(wide).get_by_text("The whole file", exact=True).click()
    wide.evaluate("getSelection().selectAllChildren(document.querySelector('.whole-file .listing'))")
    assert copied().rstrip() == FILE.read_text().rstrip()
    code(wide).get_by_text("The whole file", exact=True).click()


# ---- listings that open on demand -----------------------------------------------------------------


LONG = {"gpt": "def gpt(token, position", "training": "def training_step(tokens"}  # a line of each


@pytest.mark.parametrize("section", LONG)
def test_a_long_listing_opens_on_demand_and_says_in_a_sentence_what_it_does(wide, section):
    fold(wide)
    expect(listing_of(wide, section)).to_be_hidden()
    sentence = fold_of(wide, section)
    expect(sentence).to_contain_text(f"{listing_of(wide, section).locator('[data-number]').count()} lines: ")
    sentence.scroll_into_view_if_needed()
    before = sentence.bounding_box()
    sentence.click()
    expect(listing_of(wide, section).get_by_text(LONG[section])).to_be_visible()
    assert sentence.bounding_box() == before  # what was touched has not moved
    sentence.press("Enter")
    expect(listing_of(wide, section)).to_be_hidden()
    assert sentence.bounding_box() == before


def test_the_short_listings_are_open_without_being_asked(wide):
    fold(wide)
    for line in ("def encode(", "def softmax(", "def nll(", "def sample("):
        expect(wide.locator("#code .subsection .listing").get_by_text(line)).to_be_visible()


def test_a_link_to_a_line_opens_its_listing(wide):
    fold(wide)
    shown.choose_mode(wide, "Forward")
    choice(wide, "MODEL").check()
    box(wide).get_by_role("link", name=re.compile("microgpt.py, lines")).click()
    line = listing_of(wide, "gpt").get_by_text(LONG["gpt"])
    expect(line).to_be_in_viewport()
    assert line.evaluate("line => line.matches(':target')")
    fold(wide)
    wide.evaluate("location.hash = '#line-236'")
    expect(listing_of(wide, "gpt").get_by_text("return linear(x, weights[")).to_be_in_viewport()


def test_a_page_that_is_opened_at_a_line_has_its_listing_open_and_so_with_back_and_forward(open_page):
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto("./#line-236")
    expect(page.locator("#line-236")).to_be_in_viewport()
    expect(listing_of(page, "training")).to_be_hidden()
    page.evaluate("location.hash = '#line-259'")
    expect(page.locator("#line-259")).to_be_in_viewport()
    fold(page)
    page.go_back()
    expect(page.locator("#line-236")).to_be_in_viewport()
    fold(page)
    page.go_forward()
    expect(page.locator("#line-259")).to_be_in_viewport()


def test_words_that_are_looked_for_in_the_page_open_the_listing_that_has_them(open_page):
    page = open_page()
    page.goto("./#:~:text=The%20average%3A%20one%20number")  # a browser treats it as it does what is typed into Find
    expect(listing_of(page, "training").get_by_text("The average: one number for the whole name.")).to_be_in_viewport()
    expect(listing_of(page, "gpt")).to_be_hidden()


def test_paper_has_the_listings_whether_open_or_not(wide):
    fold(wide)
    wide.emulate_media(media="print")
    try:
        for section, line in LONG.items():
            assert listing_of(wide, section).get_by_text(line).evaluate("line => line.checkVisibility()")
            below = wide.locator(f".subsection:has(#code-{section}) + .subsection")
            assert listing_of(wide, section).bounding_box()["height"] > 400
            end = listing_of(wide, section).evaluate("node => node.getBoundingClientRect().bottom")
            assert end <= below.evaluate("node => node.getBoundingClientRect().top")
        assert digests(wide).last.evaluate("digest => digest.checkVisibility()")
        expect(wide.locator(".whole-file")).to_be_hidden()
    finally:
        wide.emulate_media(media="screen")


def test_a_browser_whose_style_cannot_open_them_has_them_open_while_it_prints(open_page):
    page = open_page()
    page.add_init_script("CSS.supports = () => false")
    page.goto("./")
    expect(page.get_by_role("button", name="anna", exact=True)).to_be_visible()  # the page's script has run
    for event, opened in (("beforeprint", True), ("afterprint", False)):
        page.evaluate("name => dispatchEvent(new Event(name))", event)
        folds = page.locator("#code details:not(.whole-file)")
        assert folds.evaluate_all("all => all.map(each => each.open)") == [opened] * 3
        assert not page.locator(".whole-file").evaluate("each => each.open")


# ---- from the picture to the code ----------------------------------------------------------------


@pytest.mark.parametrize(
    "mode, functions", [("Forward", ["softmax"]), ("Loss", ["nll", "Value.log"]), ("Sample", ["Lesson.draw", "sample"])]
)
def test_each_mode_begins_with_what_it_is_about(wide, mode, functions):
    move_away(wide)
    shown.choose_mode(wide, "Loss" if mode == "Forward" else "Forward")
    shown.choose_mode(wide, mode)
    expect_computed_by(wide, *functions)


def test_the_lines_shown_are_the_files_own(wide):
    for mode, choices in (("Forward", 4), ("Loss", 4), ("Sample", 6)):
        shown.choose_mode(wide, mode)
        expect(box(wide).get_by_role("radio")).to_have_count(choices)
        for radio in box(wide).get_by_role("radio").all():
            radio.check()
            for place, lines in (
                box(wide)
                .locator(".excerpt.shown .places > div")
                .evaluate_all(
                    """all => all.map(each => [
                    each.querySelector(".place").innerText,
                    [...each.querySelectorAll("[data-number]")].map(line => [Number(line.dataset.number), line.textContent]),
                ])"""
                )
            ):
                _, path, first, last = WHERE.fullmatch(place.strip()).groups()
                file = (ROOT / path).read_text().splitlines()
                assert lines
                assert (int(first), int(last or first)) == (lines[0][0], lines[-1][0])
                assert all(text == file[number - 1] for number, text in lines)


def test_what_the_pointer_rests_on_shows_its_lines(wide):
    shown.choose_mode(wide, "Forward")
    wide.get_by_role("tabpanel").get_by_role("img", name="MODEL").hover()
    expect_computed_by(wide, "gpt")
    bars(wide).first.hover()
    expect_computed_by(wide, "softmax")
    bars(wide).last.hover()
    expect_computed_by(wide, "Lesson.distribution")
    shown.choose_mode(wide, "Loss")
    wide.get_by_role("tabpanel").get_by_text("Average loss").hover()
    expect_computed_by(wide, "Lesson.price", "mean_nll")
    shown.table(wide, "Loss at each position").get_by_role("row").nth(1).hover()
    expect_computed_by(wide, "nll", "Value.log")
    shown.choose_mode(wide, "Sample")
    wide.locator("#sample-panel .strip").first.hover(position={"x": 40, "y": 30})
    expect_computed_by(wide, "intervals")
    wide.get_by_role("slider", name="Temperature").hover()
    expect_computed_by(wide, "Lesson.next_probs", "generate")
    wide.get_by_role("button", name="Draw", exact=True).hover()
    expect_computed_by(wide, "Lesson.draw", "sample")


def test_what_has_the_focus_shows_its_lines(wide):
    move_away(wide)
    shown.choose_mode(wide, "Forward")
    bars(wide).first.hover()
    expect_computed_by(wide, "softmax")
    shown.position(wide, 1).focus()
    expect_computed_by(wide, "document", "encode")
    bars(wide).nth(2).hover()  # the pointer was there already, and moves again
    expect_computed_by(wide, "softmax")
    move_away(wide)
    shown.choose_mode(wide, "Sample")
    wide.get_by_role("slider", name="Temperature").focus()
    expect_computed_by(wide, "Lesson.next_probs", "generate")


def test_what_a_finger_taps_shows_its_lines(open_page):
    page = open_page(has_touch=True, viewport={"width": 360, "height": 740})
    page.goto("./")
    page.get_by_role("tabpanel").get_by_role("img", name="MODEL").tap()
    expect_computed_by(page, "gpt")
    bars(page).first.tap()
    expect_computed_by(page, "softmax")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_does_not_move_when_other_lines_are_shown(lesson, width):
    lesson.set_viewport_size({"width": width, "height": 800})
    for mode in ("Forward", "Loss", "Sample"):
        shown.choose_mode(lesson, mode)
        heights = set()
        for radio in box(lesson).get_by_role("radio").all():
            radio.check()
            heights.add(box(lesson).bounding_box()["height"])
        assert len(heights) == 1


def test_a_screen_reader_is_told_nothing_of_it_until_it_goes_there(wide):
    assert (
        wide.locator(
            ":is([aria-live], [role=status], [role=alert]) :is(.source, #code), :is(.source, #code) [aria-live]"
        ).count()
        == 0
    )
    shown.choose_mode(wide, "Forward")
    assert "def nll" not in box(wide).aria_snapshot()


def test_the_keyboard_reaches_every_part(wide):
    move_away(wide)
    shown.choose_mode(wide, "Forward")
    choice(wide, "token").focus()
    for name, function in [("MODEL", "gpt"), ("probability", "softmax"), ("other", "Lesson.distribution")]:
        if not choice(wide, name).is_checked():
            wide.keyboard.press("ArrowRight")
        expect(choice(wide, name)).to_be_checked()
        expect(excerpt(wide, function)).to_be_visible()


def test_a_link_leads_to_the_annotated_lines_and_keeps_the_state(wide):
    shown.choose_mode(wide, "Loss")
    choice(wide, "loss").check()
    box(wide).get_by_role("link", name=re.compile("microgpt.py, lines")).first.click()
    expect(code(wide).get_by_text("def nll(probs, true_token):").first).to_be_in_viewport()
    expect(wide.get_by_role("tab", name="Loss")).to_have_attribute("aria-selected", "true")


def test_a_link_to_lines_without_notes_leads_into_the_whole_file(wide):
    shown.choose_mode(wide, "Loss")
    choice(wide, "loss").check()
    box(wide).get_by_role("link", name=re.compile("microgpt.py, lines")).last.click()
    whole = code(wide).get_by_role("group", name=MODEL)
    expect(whole.get_by_text("def log(self):")).to_be_in_viewport()
    fold(wide)
    code(wide).get_by_role("link", name="Value", exact=True).click()
    expect(whole.get_by_text("class Value:")).to_be_in_viewport()
    code(wide).get_by_text("The whole file", exact=True).click()


# ---- from the code to the picture ----------------------------------------------------------------


@pytest.mark.parametrize(
    "name, mode, marked",
    [
        ("token", "Forward", "fieldset.tokens"),
        ("MODEL", "Forward", "svg"),
        ("probability", "Forward", "table.bars"),
        ("loss", "Loss", ".losses tr"),
        ("average", "Loss", ".average"),
        ("line", "Sample", ".strip"),
        ("random number", "Sample", "button"),
        ("temperature", "Sample", ".field"),
    ],
)
def test_lines_lead_to_the_part_they_compute(wide, name, mode, marked):
    move_away(wide)
    shown.choose_mode(wide, "Sample" if mode == "Forward" else "Forward")
    code(wide).get_by_role("button", name=f"See it in the picture ({name})", exact=True).click()
    expect(wide.get_by_role("tab", name=mode)).to_be_focused()
    expect(choice(wide, name)).to_be_checked()
    outlined = wide.get_by_role("tabpanel").locator("[data-outlined]:visible").first
    assert outlined.evaluate("(node, selector) => node.matches(selector)", marked)
    expect(outlined).to_be_in_viewport()
    expect(outlined).to_have_css("outline-style", "solid")
    wide.keyboard.press("Shift")
    expect(wide.locator("[data-outlined]")).to_have_count(0)


@pytest.mark.parametrize("section, name", [("gpt", "MODEL"), ("training", "average")])
def test_the_picture_that_a_folded_listing_computes_opens_it(wide, section, name):
    fold(wide)
    button = code(wide).get_by_role("button", name=f"See it in the picture ({name})", exact=True)
    button.click()
    expect(listing_of(wide, section).get_by_text(LONG[section])).to_be_visible()
    expect(button).to_be_in_viewport()


def test_the_outline_stays_until_the_person_does_something(wide):
    shown.choose_mode(wide, "Forward")
    shown.write(wide, "emma")
    shown.choose_mode(wide, "Sample")
    code(wide).get_by_role("button", name="See it in the picture (probability)").click()
    expect(wide.locator("table.bars[data-outlined]").first).to_be_visible()
    wide.evaluate("location.hash = '#text=jacob'")  # not the person: Python answers, and the picture is drawn anew
    shown.wait_for_reading(wide, "jacob")
    expect(wide.locator("#forward-panel table.bars[data-outlined]")).to_be_visible()
    wide.get_by_role("tab", name="Loss").click()
    expect(wide.locator("[data-outlined]")).to_have_count(0)
