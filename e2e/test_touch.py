"""A finger on a phone: the whole loop by taps."""

import re

from playwright.sync_api import expect

from e2e import shown


def test_the_whole_loop_by_taps_on_a_phone(open_page, boot, cpython):
    page = open_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page.goto("./")
    boot(page)
    panel = shown.panel(page)

    page.get_by_role("button", name="anna", exact=True).tap()
    shown.wait_for_reading(page, "anna")
    shown.position(page, 2).tap()
    shown.wait_for_reading(page, "an")
    panel.get_by_role("button", name="Show all 27").tap()
    assert len(shown.bars(page)) == 27

    page.get_by_role("tab", name="Loss").tap()
    shown.wait_for_reading(page, "an")
    shown.position(page, 4).tap()
    shown.wait_for_reading(page, "anna")
    assert len(shown.columns(page)) == 5

    seed = next(s for s in range(2, 1000) if cpython.show("anna", 1, s, [1, 1])["ended"] is None)
    page.get_by_role("tab", name="Sample").tap()
    page.get_by_role("spinbutton", name="Seed").tap()
    page.get_by_role("spinbutton", name="Seed").fill(str(seed))
    for n in (1, 2):
        panel.get_by_role("button", name="Draw", exact=True).tap()
        shown.wait_for_draws(page, n)
    expected = cpython.show("anna", 1, seed, [1, 1])
    expect(shown.text_field(page)).to_have_value(expected["text"])
    assert [draw.token for draw in shown.draws(page)] == [draw["token"] for draw in expected["draws"]]
    panel.get_by_role("button", name="Undo").tap()
    shown.wait_for_draws(page, 1)

    slider = page.get_by_role("slider", name="Temperature")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    expect(slider).to_have_value(re.compile(r"^1\.[5-9]"))
    panel.get_by_role("button", name="Generate 20").tap()
    expect(page.get_by_role("list", name="Generated names").get_by_role("listitem")).to_have_count(20)
