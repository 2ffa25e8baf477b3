"""What the sandbox shows, read the way a screen reader does: by roles, names and the full values of numbers."""

import re
from typing import NamedTuple

from playwright.sync_api import expect

START, STOP = "START", "STOP"


class Number(NamedTuple):
    value: float  # in full, as <data> holds it
    words: str  # as people read it


class Bar(NamedTuple):
    token: str
    p: Number
    note: str


class Column(NamedTuple):
    position: str
    guess: str
    mark: str
    true: str
    p_true: Number
    nll: Number


class Draw(NamedTuple):
    number: Number
    low: Number
    high: Number
    token: str
    note: str
    p: Number


# A row of a table: the names of its header and pictures, its numbers, and the text of its cells without either.
ROWS = """
table => [...table.rows].map(row => {
  const said = node => node.getAttribute("aria-label") ?? node.textContent.trim();
  const header = row.querySelector("th");
  const texts = [...row.cells].map(cell => {
    const copy = cell.cloneNode(true);
    for (const other of copy.querySelectorAll("data, [role=img], [aria-hidden=true]")) other.remove();
    return copy.textContent.trim();
  });
  return {
    header: said(header.querySelector("[aria-label]") ?? header),
    numbers: [...row.querySelectorAll("data")].map(data => [data.value, data.textContent]),
    pictures: [...row.querySelectorAll("[role=img]")].map(said),
    texts,
  };
}).filter(row => row.numbers.length)
"""


def sandbox(page):
    """Where all of this stands. To look for a role in the whole page takes twice as long."""
    return page.locator("#sandbox")


def panel(page):
    """The panel of the mode that is chosen."""
    return sandbox(page).get_by_role("tabpanel")


def table(page, name):
    return panel(page).get_by_role("table", name=name, exact=True)


def rows(page, name):
    found = table(page, name).evaluate(ROWS)
    for row in found:
        row["numbers"] = [Number(float(value), words) for value, words in row["numbers"]]
    return found


def bars(page):
    """The rows of the distribution, in order."""
    return [Bar(row["header"], *row["numbers"], row["texts"][1]) for row in rows(page, "Next-character probabilities")]


def columns(page):
    """The positions in Loss, in order."""
    return [
        Column(row["header"], row["texts"][1], *row["pictures"], row["texts"][2], *row["numbers"])
        for row in rows(page, "Loss at each position")
    ]


def draws(page):
    """The rows of Draws, in order."""
    shown = []
    for row in rows(page, "Draws"):
        number, low, high, p = row["numbers"]
        token, note = re.fullmatch(r"(START|STOP|.)\s*(.*)", row["texts"][4]).groups()
        shown.append(Draw(number, low, high, token, note, p))
    return shown


def average(page):
    """The average loss, and beside it the loss of guessing."""
    return number(panel(page).get_by_text("Average loss").locator("data"))


def number(data):
    return Number(float(data.get_attribute("value")), data.inner_text())


def choose_mode(page, mode):
    sandbox(page).get_by_role("tab", name=mode).click()
    expect(sandbox(page).get_by_role("tab", name=mode)).to_have_attribute("aria-selected", "true")


def text_field(page):
    return sandbox(page).get_by_role("textbox", name="Text")


def write(page, text):
    """Put a text into the field, whatever stood there, and wait until it is read."""
    text_field(page).fill(text)
    wait_for_reading(page, text)


def position(page, i):
    """The radio button of a position; 0 is START."""
    return panel(page).get_by_role("radio", name=f"position {i}, ")


def choose_position(page, i, text):
    """Look at what is predicted after START and the first i characters of the text."""
    position(page, i).check()
    wait_for_reading(page, text[:i])


def wait_for_reading(page, text):
    """Wait until the prediction shown, in Forward or Loss, is the one after this text."""
    expect(panel(page).get_by_role("heading", name=re.compile(f"after {after(text)}$", re.I))).to_be_visible()


def after(text):
    return " ".join([START, *text])


def open_link(page, link, text=None):
    """Go to a link of the page as it is, without loading it again; wait for the text, if one is named."""
    page.evaluate("link => { location.hash = link; }", link)
    if text is not None:
        expect(text_field(page)).to_have_value(text)


def wait_for_draws(page, count):
    """Wait until so many draws are shown."""
    expect(table(page, "Draws").get_by_role("row")).to_have_count(count + 1 if count else 0)
