"""Servers and proxies that see that the standard library is gzipped, and say so: the page gets it unpacked."""

import gzip

import pytest
from playwright.sync_api import expect

from building import server, stdlib
from e2e import shown
from e2e.conftest import BASE, wait_for_python
from e2e.test_offline import KEEP
from e2e.test_plain_http import NAME, leading_to

LENGTH = "address => fetch(address).then(response => response.arrayBuffer()).then(({ byteLength }) => byteLength)"


class Labelled(server.Asset):
    """Of what is gzipped, the server says that it is, as of a page that it has gzipped itself."""

    def representation(self, compressed):
        return self.body, {"ETag": f'"{self.sha256}"', "Content-Encoding": "gzip"}


def labelled(assets, change=bytes):
    """The site, its library labelled, and with another one in it if there is a change."""
    old = assets[stdlib.NAME]
    new = Labelled(gzip.compress(change(gzip.decompress(old.body))), old.suffix, old.type)
    new.sha256 = old.sha256  # its address says what ought to be in it
    return {**assets, stdlib.NAME: new}


def one_byte_wrong(content):
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 0xFF]) + content[half + 1 :]


@pytest.fixture(params=["127.0.0.1", NAME], ids=["secure", "plain http"])
def visit(open_page, request):
    """A function that opens the page from a server of such files, where browsers can take digests and where they cannot."""

    def visit(address):
        address = address.replace("127.0.0.1", request.param)
        page = open_page(base_url=address, **({"proxy": leading_to(address)} if request.param == NAME else {}))
        page.goto("./#text=mara")
        return page

    return visit


@pytest.mark.expects(f"asked of another origin: http://{NAME}:")  # which is the page's own here
def test_a_library_that_comes_unpacked_is_as_good(visit, assets):
    with server.running(labelled(assets), BASE) as address:
        page = visit(address)
        wait_for_python(page)
        shown.wait_for_reading(page, "mara")
        length = page.evaluate(LENGTH, stdlib.NAME)
        assert length > 2 * len(assets[stdlib.NAME].body)


@pytest.mark.expects(f"asked of another origin: http://{NAME}:|integrity")
def test_and_is_looked_at_as_closely(visit, assets):
    with server.running(labelled(assets, one_byte_wrong), BASE) as address:
        page = visit(address)
        expect(page.locator("html")).to_have_attribute("data-python", "failed")
        expect(page.locator("#python-status")).to_contain_text(f"{stdlib.NAME} arrived damaged")


def test_it_is_kept_for_use_without_a_network_too(browser, assets):
    with server.running(labelled(assets), BASE) as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("assets.json")
        page.evaluate(KEEP)
    page.goto("./")
    wait_for_python(page)
    context.close()


def test_no_file_of_the_site_is_named_as_one_that_servers_unpack(assets):
    assert [name for name in assets if name.endswith((".gz", ".br", ".zst", ".Z", ".tgz", ".svgz"))] == []
