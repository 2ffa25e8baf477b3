"""The page over plain http, as on a school's network: browsers hold back there what they keep for https."""

from functools import partial
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from e2e import shown
from e2e.test_numbers import close_to

NAME = "trenchcoat.test"  # nobody's; at 127.0.0.1, browsers hold nothing back

pytestmark = pytest.mark.expects(f"asked of another origin: http://{NAME}:")  # which is the page's own here


@pytest.fixture(scope="module")
def site(site):
    return site.replace("127.0.0.1", NAME)


@pytest.fixture(scope="module")
def browser(browser, site):
    """The browser, but whatever name it is given, it asks our server, and that server answers to every name."""
    return SimpleNamespace(new_context=partial(browser.new_context, proxy=leading_to(site)))


def leading_to(site):
    return {"server": f"http://127.0.0.1:{urlsplit(site).port}"}


def test_what_browsers_hold_back_is_not_there(lesson):
    held_back = ["navigator.serviceWorker", "navigator.locks", "window.caches", "crypto.subtle", "crypto.randomUUID"]
    assert lesson.evaluate("isSecureContext") is False
    assert lesson.evaluate(f"[{', '.join(held_back)}].filter(each => each !== undefined)") == []


def test_forward_shows_the_probabilities_of_cpython(lesson, cpython):
    shown.choose_mode(lesson, "Forward")
    shown.write(lesson, "emma")
    *bars, other = shown.bars(lesson)
    expected = cpython.read("emma")["positions"][-1]
    likeliest = expected["candidates"][: len(bars)]
    assert [bar.token for bar in bars] == [candidate["token"] for candidate in likeliest]
    assert [bar.p.value for bar in bars] == close_to([candidate["p"] for candidate in likeliest])
    assert other.p.value == close_to(expected["other"]["p"])


def test_loss_shows_the_losses_of_cpython(lesson, cpython):
    shown.choose_mode(lesson, "Loss")
    shown.write(lesson, "jacob")
    expected = cpython.read("jacob")
    assert [column.nll.value for column in shown.columns(lesson)] == close_to([p["nll"] for p in expected["positions"]])
    assert shown.average(lesson).value == close_to(expected["mean_nll"])


def test_sample_draws_what_cpython_draws(lesson, cpython):
    expected = cpython.show("an", 1.0, 7, [1.0] * 16)
    shown.open_link(lesson, "text=an&mode=sample&seed=7", text="an")
    for count in range(1, len(expected["draws"]) + 1):
        shown.panel(lesson).get_by_role("button", name="Draw", exact=True).click()
        shown.wait_for_draws(lesson, count)
    expect(shown.text_field(lesson)).to_have_value(expected["text"])
    for draw, right in zip(shown.draws(lesson), expected["draws"]):
        assert draw.token == right["token"]
        numbers = [number.value for number in (draw.number, draw.low, draw.high, draw.p)]
        assert numbers == close_to([right[name] for name in ("number", "low", "high", "p")])


USED = """() => ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .map(({ entryType, transferSize, encodedBodySize }) => [entryType, transferSize, encodedBodySize])"""


def test_a_second_visit_asks_only_whether_the_page_itself_is_still_the_same(open_page, boot):
    page = open_page()
    page.goto("./")
    boot(page)
    assert sum(transferred for _, transferred, _ in page.evaluate(USED)) > 4e6  # bytes
    page.goto("about:blank")
    page.goto("./")
    boot(page)
    used = page.evaluate(USED)
    assert sum(size for *_, size in used) > 4e6
    assert [(kind, transferred < 1000) for kind, transferred, _ in used if transferred] == [("navigation", True)]


@pytest.mark.expects("integrity")
def test_a_damaged_file_is_refused_although_the_page_cannot_take_its_digest(open_page, faulty_site):
    page = open_page(proxy=leading_to(faulty_site(damaged=["py/lesson.py"])))
    page.goto("./")
    expect(page.get_by_role("button", name="Retry")).to_be_visible(timeout=90_000)
    expect(page.locator("#python-status")).to_contain_text("lesson.py")
