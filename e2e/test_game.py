"""Be the model: bets by mouse and keyboard, what they cost as CPython has it, the score, and that nothing gives a name away."""

import math
import re

import game
import pytest
from playwright.sync_api import expect

from e2e import shown
from e2e.test_access import findings

SEED = 46  # its first name is short
LINK = f"./#game={SEED}"
ROUTE = "**/pyodide.asm.wasm*"


@pytest.fixture
def play(open_page, boot):
    """A function that opens the round with Python ready, past the example: play(width=360), with options of open_page()."""

    def open(link=LINK, width=1280, **options):
        page = open_page(viewport={"width": width, "height": 800}, reduced_motion="reduce", **options)
        page.goto(link)
        boot(page)
        page.get_by_role("button", name="Your turn").click()
        return page

    return open


def hidden(number=0, seed=SEED):
    return game.hidden_name(seed, number, "abcdefghijklmnopqrstuvwxyz")


def room(page):
    return page.locator("#game")


def table(page, name):
    return room(page).get_by_role("table", name=name, exact=True)


def letter(page, token):
    return table(page, "Your bets").get_by_role("button", name=token, exact=True)


def bets(page):
    """The rows of the board: {character: numbers}, chips, your probability, and the model's once it is revealed."""
    rows = table(page, "Your bets").evaluate(shown.ROWS)
    return {row["header"]: [float(value) for value, _ in row["numbers"] if value] for row in rows}


def chips(page):
    return {token: int(numbers[0]) for token, numbers in bets(page).items() if numbers[0]}


def score(page):
    """The rows of Score: {what it is over: (you, the model, guessing blindly)}."""
    rows = table(page, "Score").evaluate(shown.ROWS)
    return {row["header"]: tuple(float(value) for value, _ in row["numbers"]) for row in rows}


def costs(page):
    """What is said of the last bet: {who: (p, p again in the formula, loss)}."""
    return {
        row.locator("dt").inner_text(): tuple(float(each.get_attribute("value")) for each in row.locator("data").all())
        for row in room(page).locator(".board .cost").all()
    }


def verdict(page):
    """What came, and how well each fared: where the chips stood that were left."""
    return room(page).locator(".board .table .verdict")


def reveal(page):
    room(page).get_by_role("button", name="Reveal").click()
    expect(room(page).get_by_role("button", name=re.compile("^Next"))).to_be_visible()


def go_on(page):
    room(page).get_by_role("button", name=re.compile("^Next")).click()
    expect(room(page).get_by_role("button", name="Reveal")).to_be_visible()


def laid(cpython, counts):
    return [counts.get(token, 0) for token in [*cpython.vocabulary, shown.STOP]]


def close_to(expected):
    return pytest.approx(expected, abs=1e-12, rel=0)


def test_the_board_is_made_when_it_comes_near_or_python_has_answered(page, boot):
    page.route(ROUTE, lambda route: held.append(route))
    held = []
    page.goto("./")
    expect(page.locator("#opening input")).to_be_editable()
    page.wait_for_function("() => !document.querySelector('#theme').hidden")  # the page's own script has run
    assert page.locator("#game .board").count() == page.locator("[data-clip=sample] .player *").count() == 0
    page.locator("#game").scroll_into_view_if_needed()
    page.get_by_role("button", name="Your turn").click()
    expect(page.locator("#game .board")).to_be_visible()
    for route in held:
        route.continue_()
    boot(page)
    expect(page.locator("[data-clip=sample]").get_by_role("button", name="Watch the clip")).to_be_attached()


def test_a_whole_name_costs_what_cpython_says_infinity_included(play, cpython):
    page, name = play(), hidden()
    bet_on = [{"a": 5, "s": 3}, {}, {"z": 20}, *[{true: 4, "a": 1} for true in [*name[3:], shown.STOP]]]
    losses = []
    for position, counts in enumerate(bet_on):
        for token, count in counts.items():
            letter(page, token).click(click_count=1)
            letter(page, token).focus()
            for _ in range(count - 1):
                page.keyboard.press("ArrowUp")
        assert chips(page) == counts
        expected = cpython.judge(SEED, 0, position, laid(cpython, counts))
        expect(table(page, "Your bets").locator("tr.bet .yours data[value]")).to_have_count(27)
        reveal(page)

        board = bets(page)
        assert [numbers[1] for numbers in board.values()] == close_to(expected["p"])
        assert [numbers[2] for numbers in board.values()] == close_to(expected["model_p"])
        said = costs(page)
        for who, label in (("you", "you"), ("model", "the model"), ("blind", "guessing blindly")):
            p, again, loss = said[label]
            assert p == again == close_to(expected[who]["p"])
            assert loss == close_to(float(expected[who]["loss"]))
        losses.append((expected["you"]["loss"], expected["model"]["loss"]))
        standing = cpython.standing(losses, {"letter": [position], "name": range(position + 1)})
        for row, span in (("this letter", "letter"), (f"this name ({position + 1})", "name")):
            you, model = float(standing[span]["you"]), float(standing[span]["model"])
            assert score(page)[row] == (close_to(you), close_to(model), close_to(math.log(27)))
        if position == 2:
            expect(verdict(page)).to_contain_text("you called it impossible")
            expect(room(page).locator(".board .cost.you")).to_contain_text("−log 0 = ∞")
            assert score(page)["all names (3)"][0] == math.inf
            rest = standing["name"]["rest"]
            assert score(page)["without ∞ (2)"][:2] == (close_to(rest["you"]), close_to(rest["model"]))
        if position < len(name):
            go_on(page)

    # The name is over: position by position, the score as it went, and what can be taken away.
    whole = table(page, "This name, letter by letter").evaluate(shown.ROWS)
    assert [row["header"] for row in whole] == [*name, shown.STOP]
    paid = [(float(row["numbers"][1][0]), float(row["numbers"][3][0])) for row in whole]
    assert paid == [(close_to(float(you)), close_to(model)) for you, model in losses]
    room(page).get_by_text("The chart in numbers").click()
    rows = table(page, "Score after each bet").evaluate(shown.ROWS)
    assert [[float(value) for value, _ in row["numbers"][1:]] for row in rows] == [
        close_to([each["you"], each["model"]]) for each in cpython.standing(losses, {})["running"]
    ]
    expect(room(page).get_by_role("link", name=name)).to_have_attribute("href", f"#text={name}&mode=loss")
    assert findings(page, "#game") == []

    # The score is there after a reload, the next name is, and it is all forgotten only if one wants it.
    before = score(page)
    page.reload()
    expect(room(page).get_by_role("heading", name="Name 2")).to_be_visible()
    expect(table(page, "Score")).to_be_visible()
    assert score(page)[f"all names ({len(losses)})"] == before[f"all names ({len(losses)})"]
    room(page).get_by_role("button", name="Start over").click()
    expect(table(page, "Score")).to_be_hidden()
    expect(room(page).get_by_role("heading", name="Name 1")).to_be_visible()
    room(page).get_by_role("button", name="Bring the score back").click()
    expect(room(page).get_by_role("heading", name="Name 2")).to_be_visible()
    assert score(page)[f"all names ({len(losses)})"] == before[f"all names ({len(losses)})"]


def test_the_keyboard_alone_bets_reveals_and_goes_on_and_nothing_gives_the_name_away(play):
    page, name = play(permissions=["clipboard-read", "clipboard-write"]), hidden()
    assert page.evaluate("scrollY") > 500  # the link led to the game
    press = page.keyboard.press
    expect(letter(page, "a")).to_be_focused()
    for key in ("e", "e", "Shift+e", "m", ".", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowRight", "ArrowUp"):
        press(key)
    assert chips(page) == {"e": 1, "m": 1, shown.STOP: 2, "a": 1}
    press("Backspace")
    for _ in range(25):
        press("q")
    assert chips(page) == {"e": 1, "m": 1, shown.STOP: 2, "q": 16}
    expect(room(page)).to_contain_text("All 20 chips are laid")
    expect(room(page).locator("[aria-live]")).to_have_text("q: 16 of your chips, 0 left.")
    assert name not in page.content() and name not in page.url
    assert shown.text_field(page).input_value() == "ann"
    for true in [*name, shown.STOP]:
        press(true if len(true) == 1 else ".")
        press("Enter")
        expect(verdict(page)).to_contain_text(f"It is {true}")
        expect(room(page).locator("[aria-live]")).to_contain_text(f"It is {true}")
        press("x")  # it is too late for that
        if true != shown.STOP:
            assert name not in page.content()
            press("Enter")
            expect(room(page).get_by_role("button", name="Reveal")).to_be_visible()
            assert chips(page) == {}
    expect(room(page).locator("[aria-live]")).to_contain_text(f"The name is {name}.")

    # What can be taken away gives no letter away.
    press("Tab")
    room(page).get_by_role("button", name="Copy my score").click()
    expect(room(page).get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"Be the model, round {SEED}: after one name ({len(name) + 1} bets) I pay ")
    assert copied.endswith(f"#game={SEED}") and name not in copied
    room(page).get_by_role("button", name="Copy the link").click()
    expect(room(page).get_by_text("Copied.")).to_have_count(2)
    assert page.evaluate("navigator.clipboard.readText()") == re.sub("#.*", "", page.url) + f"#game={SEED}"

    # Outside the board, keys are the page's own; and the sandbox takes its own text.
    room(page).get_by_role("button", name="Next name").click()
    page.get_by_role("tab", name="Forward").focus()
    press("e")
    assert chips(page) == {}
    room(page).get_by_role("button", name="Show the example").click()
    expect(room(page).get_by_role("button", name="Your turn")).to_be_focused()


def test_a_mouse_lays_chips_takes_them_back_and_drags_them_up(play):
    page = play(link="./#text=emma&mode=loss&game=7")
    shown.wait_for_reading(page, "emma")
    letter(page, "m").click()
    letter(page, "m").click()
    letter(page, "m").click(modifiers=["Shift"])
    letter(page, "b").click()
    letter(page, "b").click(button="right")
    letter(page, "c").click()
    room(page).get_by_role("button", name="Take a chip back from c").click()
    assert chips(page) == {"m": 1}
    box = table(page, "Your bets").locator("tr.bet .track").nth(4).bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + box["height"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 9, box["y"] + box["height"] - 2 - box["height"] / 2, steps=4)
    page.mouse.up()
    assert chips(page)["e"] in (4, 5, 6)  # the axis ends at ten chips
    expect(room(page).locator(".board .bank")).to_contain_text(re.compile(r"1[345] chips left"))
    room(page).get_by_role("button", name="Take all back").click()
    assert chips(page) == {}
    # Chips that are laid are there after a reload; the rest of the link is left alone by the game.
    letter(page, "d").click()
    page.reload()
    expect(letter(page, "d")).to_be_visible()
    assert chips(page) == {"d": 1}
    shown.text_field(page).fill("anna")
    page.wait_for_url("**/#text=anna&mode=loss&game=7")
    # Another round is another order of names; and one that no round can be is said to be left out.
    shown.open_link(page, "game=8")
    expect(room(page).locator(".board .bet.empty")).to_have_count(27)
    reveal(page)
    expect(verdict(page)).to_contain_text(f"It is {hidden(seed=8)[0]}")
    shown.open_link(page, "game=-1")
    expect(page.locator("#name-left-out")).to_contain_text("game")


def test_without_storage_it_plays_and_on_a_small_phone_it_fits(play, boot):
    page = play(width=320, color_scheme="dark", has_touch=True)
    page.add_init_script(
        "delete Storage.prototype.setItem; Storage.prototype.getItem = () => { throw new Error('no') }"
    )
    page.reload()
    boot(page)
    page.get_by_role("button", name="Your turn").click()
    letter(page, "r").tap()
    letter(page, "r").tap()
    room(page).get_by_role("button", name="Take a chip back from r").tap()
    assert chips(page) == {"r": 1}
    small = room(page).evaluate(
        """room => [...room.querySelectorAll(".bet .put, button")].filter(each => each.checkVisibility()).map(each => {
          const at = each.matches(".put") ? each.closest(".bet") : each;
          return [at.getBoundingClientRect(), each.textContent];
        }).filter(([{ width, height }]) => width < 24 || height < 24).map(([, text]) => text)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    reveal(page)
    go_on(page)
    reveal(page)
    assert len(score(page)) == 3
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    room(page).get_by_role("button", name="Copy the link").tap()
    expect(room(page).get_by_role("textbox", name="Copy the link to this round")).to_have_value(page.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert findings(page, "#game") == []


def test_before_python_is_ready_chips_can_be_laid_and_reveal_waits_and_says_so(page, boot):
    held = []
    page.route(ROUTE, lambda route: held.append(route))
    page.goto(LINK)
    page.get_by_role("button", name="Your turn").click()
    letter(page, "r").click()
    assert bets(page)["r"] == [1]  # what it means, Python has not said yet
    room(page).get_by_role("button", name="Reveal").click()
    expect(room(page)).to_contain_text("Python is still starting. Your chips stay where they are")
    for route in held:
        route.continue_()
    boot(page)
    expect(verdict(page)).to_contain_text(f"It is {hidden()[0]}")
    assert chips(page) == {"r": 1}


@pytest.mark.expects("pyodide.asm.wasm|ERR_FAILED")
def test_without_python_it_says_so_and_chips_stay(page):
    page.route(ROUTE, lambda route: route.abort())
    page.goto(LINK)
    page.get_by_role("button", name="Your turn").click()
    letter(page, "r").click()
    page.wait_for_selector("html[data-python=failed]")
    expect(room(page)).to_contain_text("Python is not running, so nothing can be revealed.")
    assert chips(page) == {"r": 1}
    page.unroute(ROUTE)
    room(page).get_by_role("button", name="Start Python again").click()
    page.wait_for_selector("html[data-python=ready]", timeout=90_000)
    expect(table(page, "Your bets").locator("tr.bet .yours data[value]")).to_have_count(27)
    reveal(page)


def test_the_example_is_seen_before_the_first_bet_and_can_be_skipped(lesson, cpython):
    clip = lesson.locator("[data-clip=game]")
    expect(clip.locator(".bets")).to_be_visible()
    expect(room(lesson).get_by_role("button", name="Your turn")).to_be_visible()
    clip.get_by_role("slider", name="Moment").fill("3")
    expect(clip.locator(".moment")).to_contain_text("2 chips go on e")
    counts = {"a": 9, "i": 6, "e": 2}
    rows = clip.locator(".bets").evaluate(shown.ROWS)
    assert {row["header"]: int(row["numbers"][0][0]) for row in rows if row["numbers"][0][0] != "0"} == counts
    bet = cpython.bet("anni", 3, laid(cpython, counts))
    assert [float(row["numbers"][1][0]) for row in rows] == close_to(bet["p"])
    clip.get_by_role("slider", name="Moment").fill("6")
    expect(clip.locator(".moment")).to_contain_text(f"You pay {bet['you']['loss']:.2f}")
    assert [float(row["numbers"][2][0]) for row in clip.locator(".bets").evaluate(shown.ROWS)] == close_to(
        bet["model_p"]
    )
