"""Choosing what to learn from: a list of the page, or a file of one's own, however messy; and how it is prepared."""

import json

import pytest
from playwright.sync_api import expect
from preparation import prepare as prepared_by_cpython

from building import ROOT, lists

TABLE = (
    "id;name;town\r\n1;Zoë;Köln\r\n2;Anna-Lena;Rom\r\n3;Christopherjames;Bonn\r\n4;Émile;Rom\r\n5;Zoë;Rom\r\n".encode(
        "windows-1252"
    )
)
WORDS = json.loads((ROOT / "web" / "words" / "en" / "train_data.json").read_text(encoding="utf-8"))
BROKEN = "lists/cities.txt"


def prepare(page):
    """One of the lists cannot be had."""
    page.route(f"**/{BROKEN}*", lambda route: route.fulfill(status=404))


@pytest.fixture
def chooser(lesson):
    lesson.get_by_role("tab", name="Train").click()
    chooser = lesson.locator(".data-chooser")
    chooser.wait_for()
    return chooser


def drop(chooser, *files):
    """Let these files, (name, text or bytes), fall on the chooser."""
    transfer = chooser.page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            const content = (given) => (typeof given === "string" ? given : new Uint8Array(given));
            for (const [name, given] of files) transfer.items.add(new File([content(given)], name));
            return transfer;
        }""",
        [(name, content if isinstance(content, str) else list(content)) for name, content in files],
    )
    chooser.dispatch_event("dragover", {"dataTransfer": transfer})
    chooser.dispatch_event("drop", {"dataTransfer": transfer})


def expect_prepared(chooser, prepared):
    """Whether the page shows what CPython makes of the same file."""
    expect(chooser.locator(".preparation:not([aria-busy])")).to_be_visible()
    expect(chooser.locator(".preview li")).to_have_text([text.replace(" ", "␣space") for text in prepared["preview"]])
    assert {
        each.get_attribute("data-found"): int(each.get_attribute("data-count"))
        for each in chooser.locator("[data-found]").all()
    } == {each["what"]: each["count"] for each in prepared["found"]}
    assert {
        each.get_attribute("data-choice"): each.input_value() for each in chooser.locator("[data-choice]:visible").all()
    } == {choice: str(prepared["choices"][choice]) for choice in prepared["offered"]}
    numbers = chooser.locator(".learned data").evaluate_all("all => all.map(each => Number(each.value))")
    different = [prepared["n_different"]] if prepared["n_different"] != prepared["n_texts"] else []
    assert numbers == [prepared["n_texts"], *different, prepared["n_tokens"], prepared["n_held_out"]]
    tokens = chooser.locator(".vocabulary .inline-token")
    assert tokens.count() == len(prepared["vocabulary"])


def test_a_file_dropped_is_taken_as_it_is_meant_and_otherwise_if_one_says_so(chooser):
    drop(chooser, ("klasse.csv", TABLE))
    expect(chooser.get_by_text("From the file klasse.csv.")).to_be_visible()
    expect_prepared(chooser, prepared_by_cpython(TABLE))
    choices = {}
    for choice, value in [
        ("case", "lower"),
        ("accents", "fold"),
        ("inner", "split"),
        ("too_long", "cut"),
        ("column", "3"),
    ]:
        choices[choice] = value
        select = chooser.locator(f'[data-choice="{choice}"]')
        select.focus()
        select.select_option(value)
        expect(select).to_be_focused()
        expect_prepared(chooser, prepared_by_cpython(TABLE, choices))
    expect(chooser.get_by_role("button", name=WORDS["use"])).to_be_enabled()


def test_what_is_no_text_is_refused_with_a_way_on_and_a_pasted_text_is_kept(chooser, boot):
    page = chooser.page
    chooser.get_by_label(WORDS["list_own"]).check()
    pasted = "Anna\n\nEmma Lou\n Zoe\u0308\n"
    chooser.get_by_label(WORDS["own_label"]).fill(pasted)
    expect(chooser.locator('[data-found="empty"]')).to_be_visible()
    expect_prepared(chooser, prepared_by_cpython(pasted))
    drop(chooser, ("list.xlsx", b"PK\3\4\0\0"))
    expect(chooser.locator(".problem")).to_contain_text("Save it from there as plain text or as CSV")
    expect(chooser.locator(".problem")).to_be_visible()
    expect(chooser.get_by_role("button", name=WORDS["use"])).to_be_hidden()
    drop(chooser, ("large.txt", "anna\n" * 200_001))
    expect(chooser.get_by_text("large.txt has 1 MB; 1 MB is the most")).to_be_visible()
    drop(chooser, ("a.txt", b"a\nb"), ("b.txt", b"a\nb"))
    expect(chooser.get_by_text("One file at a time: these are 2.")).to_be_visible()
    expect(chooser.get_by_label(WORDS["own_label"])).to_have_value(pasted)
    page.reload()
    boot(page)
    chooser.get_by_label(WORDS["list_own"]).check()
    expect(chooser.get_by_label(WORDS["own_label"])).to_have_value(pasted)
    expect_prepared(chooser, prepared_by_cpython(pasted))


@pytest.mark.expects("404|integrity")
def test_a_list_is_fetched_when_it_is_chosen_and_one_that_is_missing_is_said_to_be(chooser):
    page = chooser.page
    with page.expect_request("**/lists/dinosaurs.txt?v=*"):
        chooser.get_by_label(WORDS["list_dinosaurs"]).check()
    expect_prepared(chooser, prepared_by_cpython((ROOT / lists.name("dinosaurs")).read_text(encoding="utf-8")))
    expect(chooser.get_by_text(WORDS["as_it_is"])).to_be_visible()
    chooser.get_by_label(WORDS["list_cities"]).check()
    expect(chooser.get_by_text(BROKEN)).to_be_visible()
    expect(chooser.locator(".preparation")).to_be_hidden()
    page.unroute(f"**/{BROKEN}*")
    chooser.get_by_role("button", name=WORDS["again"]).click()
    expect_prepared(chooser, prepared_by_cpython((ROOT / lists.name("cities")).read_text(encoding="utf-8")))
