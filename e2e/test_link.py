"""The link: it holds the state and restores it, Back and Forward walk through it, and a broken one does no harm."""

import re

import pytest
from playwright.sync_api import expect

from e2e import shown

DEFAULTS = {"text": "ann", "mode": "Forward", "position": 3, "seed": "1", "temperature": "1", "draws": 0}


def prepare(page):
    """A dialog would mean that a link's markup became part of the page."""
    page.on("dialog", lambda dialog: pytest.fail(f"the link opened a dialog: {dialog.message}"))


def state(page):
    """What the sandbox is set to, as a person sees it."""
    sandbox = shown.sandbox(page)
    mode = sandbox.get_by_role("tab", selected=True).inner_text().strip()
    hidden = {"include_hidden": True}
    radio = shown.panel(page).get_by_role("radio", checked=True)
    draws = sandbox.get_by_role("table", name="Draws", exact=True, **hidden).get_by_role("row", **hidden)
    name = radio.get_attribute("aria-label") if mode != "Sample" else None
    return {
        "text": shown.text_field(page).input_value(),
        "mode": mode,
        "position": int(re.match(r"position (\d+), ", name)[1]) if name else None,
        "seed": sandbox.get_by_role("spinbutton", name="Seed", **hidden).input_value(),
        "temperature": sandbox.get_by_role("slider", name="Temperature", **hidden).input_value(),
        "draws": max(0, draws.count() - 1) if mode == "Sample" else 0,
    }


def expect_state(page, **differences):
    """Wait until the sandbox is set to the defaults but for what is named."""
    expected = {**DEFAULTS, **differences}
    expect(shown.sandbox(page).get_by_role("tab", name=expected["mode"])).to_have_attribute("aria-selected", "true")
    expect(shown.text_field(page)).to_have_value(expected["text"])
    if expected["mode"] == "Sample":
        shown.wait_for_draws(page, expected["draws"])
        expected["position"] = None
    else:
        shown.wait_for_reading(page, expected["text"][: expected["position"]])
        expected["draws"] = 0
        del expected["seed"], expected["temperature"]  # Sample shows them when it is chosen
    assert state(page).items() >= expected.items()


@pytest.fixture
def start(lesson):
    """The lesson at the address without a state."""
    shown.open_link(lesson, "", DEFAULTS["text"])
    shown.wait_for_reading(lesson, DEFAULTS["text"])
    return lesson


# ---- What the link holds


def test_the_address_holds_nothing_while_all_is_as_at_first(start):
    shown.open_link(start, "text=emma")
    expect_state(start, text="emma", position=4)
    shown.text_field(start).fill("ann")
    expect_state(start)
    assert start.evaluate("location.hash") == ""


def test_a_link_restores_text_mode_position_temperature_seed_and_draws(start, open_page, boot, cpython):
    page = start
    drawn_at = [0.5, 0.5, 1.5]
    seed = next(seed for seed in range(100) if cpython.show("anna", 1.5, seed, drawn_at)["ended"] is None)
    page.get_by_role("button", name="anna", exact=True).click()
    shown.choose_mode(page, "Sample")
    page.get_by_role("spinbutton", name="Seed").fill(str(seed))
    page.get_by_role("spinbutton", name="Seed").press("Enter")
    for n, temperature in enumerate(drawn_at, start=1):
        page.get_by_role("slider", name="Temperature").fill(str(temperature))
        shown.panel(page).get_by_role("button", name="Draw", exact=True).click()
        shown.wait_for_draws(page, n)
    expected = cpython.show("anna", 1.5, seed, drawn_at)
    drawn = shown.draws(page)
    shown.choose_mode(page, "Loss")
    shown.choose_position(page, 2, "anna")
    columns = shown.columns(page)

    elsewhere = open_page()
    elsewhere.goto(page.url)
    boot(elsewhere)
    expect_state(elsewhere, text=expected["text"], mode="Loss", position=2)
    assert shown.columns(elsewhere) == columns
    shown.choose_mode(elsewhere, "Sample")
    expect_state(elsewhere, text=expected["text"], mode="Sample", seed=str(seed), temperature="1.5", draws=3)
    assert shown.draws(elsewhere) == drawn
    assert [draw.token for draw in drawn] == [draw["token"] for draw in expected["draws"]]


@pytest.mark.parametrize(
    "link, different",
    [
        ("text=", {"text": "", "position": 0}),
        ("text=christophe", {"text": "christophe", "position": 10}),
        ("mode=loss", {"mode": "Loss"}),
        ("position=0", {"position": 0}),
        ("position=1&mode=loss", {"mode": "Loss", "position": 1}),
        ("mode=sample&seed=0", {"mode": "Sample", "seed": "0"}),
        ("mode=sample&seed=999999", {"mode": "Sample", "seed": "999999"}),
        ("mode=sample&temperature=0.1", {"mode": "Sample", "temperature": "0.1"}),
        ("mode=sample&temperature=2", {"mode": "Sample", "temperature": "2"}),
        ("mode=sample&temperature=1.35", {"mode": "Sample", "temperature": "1.35"}),
        (
            "seed=3&temperature=0.5&mode=sample&text=mia",
            {"text": "mia", "mode": "Sample", "seed": "3", "temperature": "0.5"},
        ),
    ],
)
def test_each_part_of_a_link_sets_its_part_of_the_state(start, link, different):
    shown.open_link(start, link)
    expect_state(start, **different)


def test_a_link_that_claims_more_draws_than_there_can_be_is_put_right_and_still_lets_go_back(page, boot, cpython):
    expected = cpython.show("ann", 1, 1, [1] * 16)
    assert len(expected["draws"]) < 16
    page.goto("about:blank")
    page.goto("./#text=ann&mode=sample&draws=16")
    boot(page)
    shown.wait_for_draws(page, len(expected["draws"]))
    expect(page).to_have_url(re.compile(f"draws={len(expected['draws'])}$"))
    page.go_back()
    assert page.url == "about:blank"


def test_draws_in_a_link_may_each_have_their_own_temperature(start, cpython):
    expected = cpython.show("", 1, 3, [1, 0.5, 0.5, 2])
    shown.open_link(start, "text=&mode=sample&seed=3&draws=1@1,2@0.5,1@2")
    expect_state(start, text=expected["text"], mode="Sample", seed="3", draws=4)
    assert [draw.p.value for draw in shown.draws(start)] == pytest.approx(
        [draw["p"] for draw in expected["draws"]], abs=1e-12
    )


def test_draws_after_the_end_of_a_name_are_taken_out_of_the_link(start, cpython):
    expected = cpython.show("anna", 1, 4, [1] * 12)
    assert expected["ended"] and len(expected["draws"]) < 12
    shown.open_link(start, "text=anna&mode=sample&seed=4&draws=12")
    expect_state(start, text=expected["text"], mode="Sample", seed="4", draws=len(expected["draws"]))
    expect(start).to_have_url(re.compile(f"draws={len(expected['draws'])}(&|$)"))


def test_a_position_beyond_the_text_is_the_last_one(start):
    shown.open_link(start, "text=mia&position=12")
    expect_state(start, text="mia", position=3)


# ---- Back and Forward


def test_back_and_forward_walk_through_what_was_chosen(start):
    page = start
    page.get_by_role("button", name="anna", exact=True).click()
    expect_state(page, text="anna", position=4)
    shown.choose_position(page, 1, "anna")
    shown.choose_mode(page, "Loss")
    expect_state(page, text="anna", mode="Loss", position=1)
    page.get_by_role("button", name="jacob", exact=True).click()
    expect_state(page, text="jacob", mode="Loss", position=5)

    steps = [
        {"text": "anna", "mode": "Loss", "position": 1},
        {"text": "anna", "position": 1},
        {"text": "anna", "position": 4},
        {},
    ]
    for step in steps:
        page.go_back()
        expect_state(page, **step)
    for step in [*reversed(steps[:-1]), {"text": "jacob", "mode": "Loss", "position": 5}]:
        page.go_forward()
        expect_state(page, **step)


def test_a_word_typed_letter_by_letter_is_one_step_back(start):
    field = shown.text_field(start)
    field.fill("")
    field.press_sequentially("jacob")
    expect_state(start, text="jacob", position=5)
    start.go_back()
    expect_state(start)


def test_back_takes_back_draws_and_forward_makes_the_same_again(start, cpython):
    seed = next(s for s in range(1000) if cpython.show("ann", 1, s, [1, 1])["ended"] is None)
    text = cpython.show("ann", 1, seed, [1, 1])["text"]
    shown.open_link(start, f"mode=sample&seed={seed}")
    expect_state(start, mode="Sample", seed=str(seed))
    for n in (1, 2):
        shown.panel(start).get_by_role("button", name="Draw", exact=True).click()
        shown.wait_for_draws(start, n)
    drawn = shown.draws(start)
    start.go_back()
    expect_state(start, mode="Sample", seed=str(seed))
    start.go_forward()
    expect_state(start, text=text, mode="Sample", seed=str(seed), draws=2)
    assert shown.draws(start) == drawn


def test_leaving_the_page_and_coming_back_brings_the_state_back(page, boot):
    page.goto("./#text=mia&mode=loss&position=1")
    boot(page)
    expect_state(page, text="mia", mode="Loss", position=1)
    page.goto("about:blank")
    page.go_back()
    boot(page)
    expect_state(page, text="mia", mode="Loss", position=1)


def test_a_link_to_a_place_leads_there_and_the_address_still_holds_the_state(start):
    shown.open_link(start, "text=emma&mode=loss", text="emma")
    contents = start.get_by_role("navigation", name="Contents")
    for place in ("Data", "Code"):
        contents.get_by_role("link", name=place).click()
        expect(start.get_by_role("heading", name=re.compile(place, re.IGNORECASE)).first).to_be_in_viewport()
        expect(start).to_have_url(re.compile("#text=emma&mode=loss$"))
        expect_state(start, text="emma", mode="Loss", position=4)
    start.go_back()
    expect_state(start, text="emma", mode="Loss", position=4)
    start.reload()
    expect_state(start, text="emma", mode="Loss", position=4)


def test_a_link_to_a_place_stays_in_the_address_while_all_is_as_at_first(start):
    start.get_by_role("navigation", name="Contents").get_by_role("link", name="Data").click()
    expect(start).to_have_url(re.compile("#data$"))
    start.reload()
    expect_state(start)


def test_a_browser_that_refuses_to_rewrite_the_address_so_often_does_not_stop_the_page(start):
    start.evaluate("""() => {
      const { pushState, replaceState } = History.prototype;
      const refuse = () => { throw new DOMException("too often", "SecurityError"); };
      Object.assign(History.prototype, { pushState: refuse, replaceState: refuse });
      window.allow = () => Object.assign(History.prototype, { pushState, replaceState });
    }""")
    shown.write(start, "mia")
    shown.write(start, "maria")
    start.evaluate("window.allow()")
    shown.write(start, "marian")
    expect(start).to_have_url(re.compile("text=marian$"))


# ---- What a link is wrapped in


def expect_left_out(page, words=None):
    """Wait until the first screen and the sandbox say what of the link was left out, or neither says anything."""
    for line in page.locator("#name-left-out, #text-left-out").all():
        if words is None:
            expect(line).to_be_hidden()
        else:
            expect(line).to_contain_text(words)


@pytest.mark.parametrize(
    "link, different",
    [
        *(
            (f"text={text}", {"text": "emma", "position": 4})
            for text in ("Emma", "EMMA", "emma.", "emma,", "Emma!", "emma)")
        ),
        *((f"text={text}", {"text": "emma", "position": 4}) for text in ("%20emma%0A", "emma+", "ｅmma", "em%C2%ADma")),
        *(
            (f"text={text}", {"text": "emma", "position": 4})
            for text in ("“emma”", "(emma).", "%3Cemma%3E", "%E2%80%8Bemma")
        ),
        *(
            (link, {"text": "emma", "mode": "Loss", "position": 4})
            for link in (
                "text%3Demma%26mode%3Dloss",
                "text%3demma%26mode%3dloss",
                "text=emma%26mode%3Dloss",
                "text=emma&amp;mode=loss",
                "text=emma&mode=loss.",
                "mode=loss,&text=Emma",
            )
        ),
        ("text=&mode=sample&seed=3).", {"text": "", "mode": "Sample", "seed": "3"}),
        ("text%3DEmma.", {"text": "emma", "position": 4}),
    ],
)
def test_a_link_is_as_lenient_as_typing_and_what_wraps_it_is_undone(start, link, different):
    shown.open_link(start, link)
    expect_state(start, **different)
    expect_left_out(start)


def test_draws_at_the_end_of_a_sentence_are_made(start, cpython):
    shown.open_link(start, "text=ann&mode=sample&seed=5&draws=1@1,")
    expect_state(start, text=cpython.show("ann", 1, 5, [1])["text"], mode="Sample", seed="5", draws=1)
    expect_left_out(start)


@pytest.mark.parametrize(
    "link, said",
    [
        ("text=%D0%B0nna", "“text=аnna”, which has a Cyrillic a."),
        ("text=anna%20lee", "“text=anna␣lee”, which has a space."),
        ("text=an%09na", "“text=an⇥na”, which has a tab."),
        ("text=xe%CC%81", "which has “é” (U+00E9)."),
        ("text=abcdefghijk&seed=x&mode=y&draws=z", "“text=abcdefghijk”, “seed=x”, “mode=y”, …."),
        ("Text=emma&mode=loss", "left out: “Text=emma”."),
        ("nowhere", "left out: “#nowhere”."),
        (f"text={'a' * 90}", f"left out: “text={'a' * 27}…”."),
    ],
)
def test_what_of_a_link_cannot_be_understood_is_named_once_for_screen_readers_until_something_changes(
    start, link, said
):
    shown.open_link(start, link)
    expect_left_out(start, said)
    expect(start.get_by_role("status").filter(has_text="link")).to_have_count(1)
    expect(shown.text_field(start)).to_have_accessible_description(re.compile("Part of this link"))
    shown.choose_mode(start, "Sample")
    expect_left_out(start)


# ---- Broken and hostile links

MARKUP = "<img src=x onerror=alert(1)>"
BROKEN = {
    "text": [
        *(MARKUP, "%3Cscript%3Ealert(1)%3C/script%3E", "javascript:alert(1)", "a" * 11, "a" * 10_000, "%F0%9F%98%80"),
        *("ann%20a", "ann%00", "%", "%E0%A4%A", "%ff", "an%0An", "{{7*7}}", "__proto__", "é", "а", "e%CC%81", "1."),
    ],
    "mode": ["", "FORWARD", "evil", MARKUP, "__proto__", "constructor", "toString", "loss%00", "forward,loss"],
    "position": ["", "-1", "1.5", "1e3", "0x2", "16", "99999999999999999999", "NaN", "Infinity", "null", MARKUP, "%"],
    "seed": ["", "-1", "1.5", "1e3", "1000000", "99999999999999999999", "NaN", "Infinity", MARKUP, "undefined"],
    "temperature": ["", "0", "0.09", "2.01", "-1", "1e9", "1e-9", "NaN", "Infinity", "1,5", MARKUP, ".", "0x1"],
    "draws": [
        *(
            "",
            "-1",
            "17",
            "1.5",
            "1e3",
            "99999999999999999999",
            "NaN",
            MARKUP,
            "%",
            "@",
            "1@",
            "@1",
            "1@0",
            "1@3",
            "0@1",
        ),
        *("1@NaN", "-1@1", ",1@1", "16@1,1@1", "1@1," * 3000, "1@1@1,1", "1e1@1"),
    ],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_part_that_makes_no_sense_falls_back_and_the_rest_holds(start, name):
    rests = [{"text": "mia", "mode": "loss"}, {"text": "leo"}]
    if name in ("seed", "temperature", "draws"):
        rests = [
            {"text": "mia", "mode": "sample", "seed": "7", "temperature": "0.5"},
            {"text": "leo", "mode": "sample", "seed": "8", "temperature": "1.5"},
        ]
    for n, value in enumerate(BROKEN[name]):
        rest = {key: part for key, part in rests[n % 2].items() if key != name}  # never what is there already
        shown.open_link(start, "&".join(f"{key}={part}" for key, part in [*rest.items(), (name, value)]))
        expect_state(start, **{**rest, "mode": rest.get("mode", "forward").capitalize()})
        said = f"{value}”" if re.fullmatch(r"[\w.,@-]{0,20}", value, re.ASCII) else ""  # of others, as much as fits
        expect_left_out(start, f"“{name}={said}")
        assert start.get_attribute("html", "data-python") == "ready"


@pytest.mark.parametrize(
    "link",
    [
        *("__proto__=x", "constructor=x&prototype=x", "text[]=x", "=", "&&&&", "/../../x", "%", "%%%", "a=%E0"),
        *(
            MARKUP,
            "x" * 10_000,
            "=&" * 3000,
            "mode",
            "text&mode",
            "Text=emma",
            "text=emma;mode=loss",
            "javascript:alert(1)=",
        ),
    ],
    ids=lambda link: link[:24],
)
def test_a_link_that_is_none_shows_the_page_as_at_first_and_says_so_and_it_works(start, link):
    shown.open_link(start, link)
    expect_state(start)
    expect_left_out(start, "“")
    shown.write(start, "mia")
    expect_state(start, text="mia", position=3)
    expect_left_out(start)


@pytest.mark.parametrize(
    "link, text", [("text=mia&text=emma", "mia"), (f"text={MARKUP}&text=emma", "ann"), ("text=mia&text=%", "mia")]
)
def test_of_a_part_named_twice_the_first_counts(start, link, text):
    shown.open_link(start, link)
    expect_state(start, text=text, position=3)


def test_a_page_opened_with_a_hostile_link_boots_to_its_defaults(page, boot):
    prepare(page)
    page.goto(f"./#text={MARKUP}&mode=__proto__&position=1e99&temperature=NaN&seed=-1&draws=99999&__proto__={MARKUP}")
    boot(page)
    expect_state(page)
    expect_left_out(page, "“text=<img␣src=x␣onerror=alert(1)…”, which has “<”, “mode=__proto__”")
    shown.choose_mode(page, "Sample")
    expect_state(page, mode="Sample")
