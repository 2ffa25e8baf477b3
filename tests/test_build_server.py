"""The server of `build.py serve`."""

import gzip
import hashlib
import http.client
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from building import ROOT, network, onefile, server
from building.digest import address as address_of
from building.digest import sha256

N_CLIENTS = 60  # a large class
PATIENCE = 120  # s, for a busy machine

FILES = {
    "index.html": b"<!doctype html><title>Page</title>",
    "main.js": b"export {}",
    "pyodide/pyodide.asm.mjs": b"export {}",
    "pyodide/pyodide.asm.wasm": b"\0asm" + bytes(1000),
    "pyodide/python_stdlib.bin": b"PK",
    "py/microgpt.py": "# α\n".encode(),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    with server.running(server.read(folder), "/a/b/") as address:
        yield address


def get(address, path="", method="GET", **headers):
    """(status, headers, body) of one request, nothing done to it on the way."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request(method, path if path.startswith("/") else parts.path + path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body


@pytest.fixture
def told(capsys, caplog):
    """A function that gives what the server has said on the screen."""
    return lambda: capsys.readouterr().err + caplog.text


@pytest.mark.parametrize("name", FILES)
def test_every_file_arrives_as_it_is(address, name):
    assert get(address, name)[::2] == (200, FILES[name])


@pytest.mark.parametrize(
    "name, type",
    [
        ("", "text/html; charset=utf-8"),
        ("main.js", "text/javascript; charset=utf-8"),
        ("pyodide/pyodide.asm.mjs", "text/javascript; charset=utf-8"),
        ("pyodide/pyodide.asm.wasm", "application/wasm"),
        ("pyodide/python_stdlib.bin", "application/octet-stream"),
        ("py/microgpt.py", "text/plain; charset=utf-8"),
    ],
)
def test_types_are_those_a_browser_insists_on(address, name, type):
    assert get(address, name)[1]["Content-Type"] == type


def test_a_query_changes_nothing(address):
    assert get(address, "main.js?v=2")[2] == FILES["main.js"]


def test_what_was_not_changed_is_not_sent_again(address):
    etag = get(address, "main.js")[1]["ETag"]
    assert get(address, "main.js", **{"If-None-Match": etag})[::2] == (304, b"")
    assert get(address, "main.js", **{"If-None-Match": '"another"'})[0] == 200


def test_a_browser_asks_each_time_whether_something_changed(address):
    assert get(address, "main.js")[1]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", FILES)
def test_what_has_an_address_of_its_own_is_kept_for_good(address, name):
    status, headers, body = get(address, address_of(name, sha256(FILES[name])))
    assert (status, body) == (200, FILES[name])
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_what_is_there_now_is_not_kept_under_the_address_of_what_was_there_before(address):
    status, headers, body = get(address, address_of("main.js", sha256(b"another")))
    assert (status, body, headers["Cache-Control"]) == (200, FILES["main.js"], "no-cache")


def test_what_can_be_compressed_is_for_those_who_can_read_it(address):
    name = "pyodide/pyodide.asm.wasm"
    _, headers, body = get(address, name, **{"Accept-Encoding": "gzip, br"})
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 100
    assert gzip.decompress(body) == FILES[name]
    assert get(address, "pyodide/python_stdlib.bin", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] is None


@pytest.mark.parametrize(
    "accepted, encoding",
    [
        ("gzip", "gzip"),
        ("deflate, gzip;q=0.5", "gzip"),
        ("gzip;q=1.0, identity;q=0", "gzip"),
        ("", None),
        ("identity", None),
        ("br, x-gzipped", None),
        ("gzip;q=0", None),
        ("gzip; q=0.0, br", None),
    ],
)
def test_nothing_is_compressed_for_those_who_cannot_read_it(address, accepted, encoding):
    assert get(address, "main.js", **{"Accept-Encoding": accepted})[1]["Content-Encoding"] == encoding


def test_caches_never_take_the_compressed_file_for_the_other(address):
    _, plain, _ = get(address, "main.js")
    _, compressed, _ = get(address, "main.js", **{"Accept-Encoding": "gzip"})
    assert plain["ETag"] != compressed["ETag"]
    assert plain["Vary"] == compressed["Vary"] == "Accept-Encoding"


def test_the_tag_changes_with_what_is_in_the_file():
    one, other = (server.Asset(body, ".js").representation(compressed=False)[1]["ETag"] for body in (b"1", b"2"))
    assert one != other


def test_head_is_get_without_the_body(address):
    status, headers, body = get(address, "main.js", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(FILES["main.js"])), b"")


@pytest.mark.parametrize("path", ["nothing.js", "py", "py/", "/", "/main.js", "/a/b/../../etc/passwd", "/a/b/%2e%2e/x"])
def test_nothing_else_is_there(address, path):
    assert get(address, path)[0] == 404


def test_the_site_without_its_slash_leads_to_it(address):
    status, headers, _ = get(address, "/a/b")
    assert (status, headers["Location"]) == (301, "/a/b/")


@pytest.mark.parametrize("then", [b"", b"GET", b"GET\r\n\r\n", b"GET /a/b/main.js HTTP/1.1\r\n\r\n"])
def test_a_visitor_who_goes_away_is_no_error(address, told, then):
    parts = urlsplit(address)
    for _ in range(100):
        with socket.create_connection((parts.hostname, parts.port)) as visitor:
            visitor.sendall(b"GET /a/b/pyodide/pyodide.asm.wasm HTTP/1.1\r\n\r\n" + then)
            visitor.recv(1)
    assert get(address)[0] == 200
    assert told() == ""


@pytest.mark.parametrize(
    "request_line",
    [
        b"\x16\x03\x01 a b",
        b"GET /" + bytes(70_000),
        b"GET",
        b"GET http://[ HTTP/1.1",
        b"GET / HTTP/1.1\r\nContent-Length: " + 5000 * b"9",
    ],
)
def test_what_is_no_http_is_refused_and_the_screen_stays_clear(address, told, request_line):
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as visitor:
        visitor.sendall(request_line + b"\r\n\r\n")
        assert re.match(rb"HTTP/1\.[01] 4\d\d ", visitor.recv(1000))
    assert get(address)[0] == 200
    assert told() == ""


def test_https_typed_by_mistake_is_refused_at_once(address, told):
    """Browsers that try https first go on to http only then."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as visitor, pytest.raises(ssl.SSLError):
        ssl.create_default_context().wrap_socket(visitor, server_hostname=parts.hostname)
    assert told() == ""


def test_an_address_that_is_not_there_is_told_on_the_screen_with_nothing_in_it_that_could_change_the_screen(
    address, told
):
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as visitor:
        visitor.sendall(b"GET /a/b/\x1b[31mred HTTP/1.1\r\n\r\n")
        assert visitor.recv(1000).startswith(b"HTTP/1.1 404 ")
    assert told() == "404 '/a/b/\\x1b[31mred'\n"


def test_a_long_address_is_told_in_part(address, told):
    assert get(address, 60_000 * "x")[0] == 404
    assert len(told()) < 200


# ---- parts of files -----------------------------------------------------------------------

WASM = "pyodide/pyodide.asm.wasm"
SIZE = len(FILES[WASM])


@pytest.mark.parametrize(
    "asked, first, last",
    [
        ("bytes=0-0", 0, 0),
        ("bytes=4-99", 4, 99),
        ("bytes=1000-", 1000, SIZE - 1),
        (f"bytes=0-{SIZE + 5}", 0, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        (f"bytes=-{10 * SIZE}", 0, SIZE - 1),
    ],
)
def test_a_part_is_sent_where_a_part_is_asked_for(address, asked, first, last):
    status, headers, body = get(address, WASM, Range=asked)
    assert (status, headers["Content-Range"]) == (206, f"bytes {first}-{last}/{SIZE}")
    assert body == FILES[WASM][first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", f"bytes={10**20}-"])
def test_a_part_that_is_not_there_cannot_be_sent(address, asked):
    status, headers, body = get(address, WASM, Range=asked)
    assert (status, headers["Content-Range"], body) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    "asked", ["bytes=5-1", "bytes=-", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes", "bytes=-0", ""]
)
def test_all_of_it_is_sent_where_the_question_is_not_understood(address, asked):
    assert get(address, WASM, Range=asked)[::2] == (200, FILES[WASM])


def test_a_part_goes_on_only_with_a_file_that_is_still_the_same(address):
    etag = get(address, WASM)[1]["ETag"]
    assert get(address, WASM, **{"Range": "bytes=4-", "If-Range": etag})[::2] == (206, FILES[WASM][4:])
    for other in ('"another"', f"W/{etag}", "Sun, 22 Nov 2026 12:00:00 GMT"):
        assert get(address, WASM, **{"Range": "bytes=4-", "If-Range": other})[::2] == (200, FILES[WASM])


def test_a_part_of_a_compressed_file_goes_on_with_the_compressed_file(address):
    whole = get(address, WASM, **{"Accept-Encoding": "gzip"})[2]
    status, headers, rest = get(address, WASM, **{"Accept-Encoding": "gzip", "Range": "bytes=10-"})
    assert (status, headers["Content-Encoding"], rest) == (206, "gzip", whole[10:])


def test_a_browser_that_has_the_file_needs_no_part_of_it(address):
    etag = get(address, WASM)[1]["ETag"]
    assert get(address, WASM, **{"If-None-Match": etag, "Range": "bytes=0-9"})[0] == 304


def test_head_tells_of_parts_and_sends_none(address):
    status, headers, body = get(address, WASM, method="HEAD", Range="bytes=0-9")
    assert (status, headers["Accept-Ranges"], headers["Content-Length"], body) == (200, "bytes", str(SIZE), b"")


# ---- a class ------------------------------------------------------------------------------

SERVE_AND_MEASURE = """
import sys, tracemalloc
from pathlib import Path
from building import server

assets = server.read(Path(sys.argv[1]))
server.compress(assets)
tracemalloc.start()
with server.running(assets) as address:
    print(address, flush=True)
    input()
print(tracemalloc.get_traced_memory()[1])
"""


def test_a_class_of_60_gets_every_file_at_the_same_time_in_little_memory(dist):
    files = [path for path in dist.rglob("*") if path.is_file() and path.name != onefile.NAME]
    names = [path.relative_to(dist).as_posix() for path in files]
    together = threading.Barrier(N_CLIENTS, timeout=PATIENCE)

    def visit(address):
        """The digest of each file, as it comes."""
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        connection.connect()
        together.wait()
        digests = {}
        for name in names:
            connection.request("GET", f"/{name}", headers={"Accept-Encoding": "gzip"})
            digests[name] = hashlib.file_digest(connection.getresponse(), "sha256").hexdigest()
        connection.close()
        return digests

    command = [sys.executable, "-c", SERVE_AND_MEASURE, dist]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        try:
            address = serving.stdout.readline().strip()
            with ThreadPoolExecutor(N_CLIENTS) as clients:
                visits = list(clients.map(visit, [address] * N_CLIENTS, timeout=PATIENCE))
            sent = {name: get(address, name, **{"Accept-Encoding": "gzip"}) for name in names}
            peak = int(serving.communicate("\n", timeout=PATIENCE)[0])
        finally:
            serving.kill()

    for name, (_, headers, body) in sent.items():
        assert {digests[name] for digests in visits} == {hashlib.sha256(body).hexdigest()}
        assert (gzip.decompress(body) if headers["Content-Encoding"] else body) == (dist / name).read_bytes()
    assert N_CLIENTS * sum(len(body) for *_, body in sent.values()) > 250e6
    assert peak < 10e6  # bytes, for all 60 together; a copy of the largest file for each would be 200 MB


def test_clients_that_stop_reading_hold_up_nobody_else():
    large = server.Asset(bytes(16_000_000), ".wasm")  # more than fits between two machines
    assets = {"large.wasm": large, "index.html": server.Asset(b"page", ".html")}
    with server.running(assets) as address, ExitStack() as held:
        parts = urlsplit(address)
        for _ in range(N_CLIENTS):
            client = held.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE))
            client.sendall(b"GET /large.wasm HTTP/1.1\r\n\r\n")
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        assert get(address)[2] == b"page"
        assert threading.active_count() < N_CLIENTS


def test_a_slow_line_is_not_taken_for_silence(monkeypatch):
    monkeypatch.setattr(server, "SECONDS_OF_SILENCE", 1)
    body = bytes(16_000_000)
    with server.running({"large.wasm": server.Asset(body, ".wasm")}) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        connection.request("GET", "/large.wasm")
        response, began, received = connection.getresponse(), time.monotonic(), 0
        while part := response.read(250_000):
            received += len(part)
            time.sleep(0.05)
        connection.close()
    assert time.monotonic() - began > 2
    assert received == len(body)


def test_a_client_that_falls_silent_is_let_go(monkeypatch):
    monkeypatch.setattr(server, "SECONDS_OF_SILENCE", 1)
    with server.running({"index.html": server.Asset(b"page", ".html")}) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as client:
            client.sendall(b"GET / HT")
            assert client.recv(1000) == b""


# ---- the command --------------------------------------------------------------------------

needs_ctrl_c = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to another program there")


@contextmanager
def command(*words, folder):
    """Run a command that serves, and end it with Ctrl-C. Gives a function that reads until the output matches."""
    running = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where this program runs in the background, the shell has told it to ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )

    def read_until(pattern):
        read = ""
        for line in iter(running.stdout.readline, ""):
            read += line
            if found := re.search(pattern, read):
                return found
        pytest.fail(f"No {pattern} in:\n{read}\n{running.stderr.read()}")

    try:
        yield read_until
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
    finally:
        running.kill()
    assert (running.returncode, err) == (0, "")
    assert out.endswith("Stopped.\n")


def fetch(address):
    with urllib.request.urlopen(address, timeout=PATIENCE) as response:
        return response.read()


@needs_ctrl_c
def test_serve_builds_the_page_and_serves_it_on_a_free_port_until_ctrl_c(clone):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", server.PREFERRED_PORT))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which does as well
        with command("build.py", "serve", "--no-open", folder=clone) as read_until:
            address = read_until(r"http://127\.0\.0\.1:\d+/")[0]
            assert not address.endswith(f":{server.PREFERRED_PORT}/")
            assert fetch(address) == (clone / "dist" / "index.html").read_bytes()


SERVE = "from pathlib import Path; from building import server; server.serve(Path({!r}), opens=False, lan={})"


@needs_ctrl_c
@pytest.mark.skipif(not network.addresses(), reason="this machine is on no network")
def test_other_machines_find_the_page_at_the_address_that_is_told_first(tmp_path):
    (tmp_path / "index.html").write_text("the page")
    with command("-c", SERVE.format(str(tmp_path), True), folder=ROOT) as read_until:
        address = read_until(r"(?m)^    (http://\S+)$")[1]
        assert urlsplit(address).hostname == network.addresses()[0] != "127.0.0.1"
        assert fetch(address) == b"the page"  # of this machine itself, but by the way that the others take
        assert fetch(f"http://127.0.0.1:{urlsplit(address).port}/") == b"the page"


@needs_ctrl_c
@pytest.mark.skipif(not network.addresses(), reason="this machine is on no network")
def test_other_machines_do_not_find_the_page_if_it_is_not_for_them(tmp_path):
    (tmp_path / "index.html").write_text("the page")
    with command("-c", SERVE.format(str(tmp_path), False), folder=ROOT) as read_until:
        port = int(read_until(r"http://127\.0\.0\.1:(\d+)/")[1])
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((network.addresses()[0], port), timeout=PATIENCE)


# ---- what a class is told -----------------------------------------------------------------


def test_a_class_is_told_every_way_to_the_page():
    told = network.announcement(8000, ["192.168.1.23", "10.0.0.5"], "teacher")
    for address in ("192.168.1.23", "10.0.0.5", "teacher.local", "127.0.0.1"):
        assert f"http://{address}:8000/" in told
    assert told.index("192.168.1.23:8000") < told.index("10.0.0.5:8000")


def test_a_whole_host_name_is_told_as_it_is():
    assert "http://pc7.school.example:8000/" in network.announcement(8000, ["10.0.0.5"], "pc7.school.example")


def test_the_address_stands_in_letters_as_large_as_the_screen_allows():
    def heading(columns):
        return [line for line in network.announcement(8000, ["10.0.0.5"], "pc7", columns).splitlines() if "#" in line]

    assert len(heading(80)) == len(heading(160)) == 5
    assert max(map(len, heading(80))) <= 80 < max(map(len, heading(160))) <= 160
    assert heading(30) == []


def test_the_longest_address_fits_on_an_ordinary_screen():
    assert 0 < max(map(len, network.large("188.188.188.188:65535", 80, "█"))) <= 80


def test_large_letters_can_be_told_apart():
    letters = {character: "\n".join(network.large(character, 80, "#")) for character in "0123456789.:"}
    assert len(set(letters.values())) == 12
    assert letters["7"].splitlines() == ["######", "    ##", "    ##", "    ##", "    ##"]


def test_what_is_told_fits_on_an_ordinary_screen():
    told = network.announcement(65535, ["188.188.188.188", "169.254.100.100"], "teacher", 80)
    assert max(map(len, told.splitlines())) <= 80


def test_a_machine_on_no_network_says_so_and_what_to_do():
    told = network.announcement(8000, [], "teacher")
    assert "no network" in told and "again" in told and "http://127.0.0.1:8000/" in told


def test_the_addresses_are_those_that_others_can_use_the_likeliest_first(monkeypatch):
    monkeypatch.setattr(network, "on_the_way_out", lambda: ["192.168.1.23"])
    every = ["127.0.0.1", "169.254.7.7", "10.0.0.5", "192.168.1.23", "0.0.0.0"]
    monkeypatch.setattr(network, "of_every_interface", lambda: every)
    assert network.addresses() == ["192.168.1.23", "10.0.0.5", "169.254.7.7"]


def test_a_machine_with_no_way_out_still_finds_its_own_addresses(monkeypatch):
    monkeypatch.setattr(network, "ELSEWHERE", ("255.255.255.255", 9))  # refused, as everything is without a way
    assert network.on_the_way_out() == []
    assert "127.0.0.1" in network.of_every_interface()


def test_letters_are_drawn_with_what_the_screen_can_show(monkeypatch, tmp_path):
    for encoding, ink in (("utf-8", "█"), ("cp437", "█"), ("cp1252", "#"), ("ascii", "#")):
        with open(tmp_path / "out", "w", encoding=encoding) as screen:
            monkeypatch.setattr(sys, "stdout", screen)
            assert network.screen()[1] == ink
