"""The server of `build.py serve`."""

import gzip
import http.client
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit

import pytest

from building import server

FILES = {
    "index.html": b"<!doctype html><title>Page</title>",
    "main.js": b"export {}",
    "pyodide/pyodide.asm.mjs": b"export {}",
    "pyodide/pyodide.asm.wasm": b"\0asm" + bytes(1000),
    "pyodide/python_stdlib.zip": b"PK",
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
        ("pyodide/python_stdlib.zip", "application/zip"),
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


def test_what_can_be_compressed_is_for_those_who_can_read_it(address):
    name = "pyodide/pyodide.asm.wasm"
    _, headers, body = get(address, name, **{"Accept-Encoding": "gzip, br"})
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 100
    assert gzip.decompress(body) == FILES[name]
    assert get(address, "pyodide/python_stdlib.zip", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] is None


def test_head_is_get_without_the_body(address):
    status, headers, body = get(address, "main.js", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(FILES["main.js"])), b"")


@pytest.mark.parametrize(
    "path", ["nothing.js", "py", "py/", "/", "/main.js", "/a/b/../../etc/passwd", "/a/b/%2e%2e/x"]
)
def test_nothing_else_is_there(address, path):
    assert get(address, path)[0] == 404


def test_the_site_without_its_slash_leads_to_it(address):
    status, headers, _ = get(address, "/a/b")
    assert (status, headers["Location"]) == (301, "/a/b/")


def test_a_visitor_who_goes_away_is_no_error(address, capsys):
    parts = urlsplit(address)
    for _ in range(5):
        with socket.create_connection((parts.hostname, parts.port)) as visitor:
            visitor.sendall(b"GET /a/b/pyodide/pyodide.asm.wasm HTTP/1.1\r\n\r\n")
    assert get(address)[0] == 200
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to another program there")
def test_serve_builds_the_page_and_serves_it_on_a_free_port_until_ctrl_c(clone):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", server.PREFERRED_PORT))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which does as well
        serving = subprocess.Popen(
            [sys.executable, "build.py", "serve", "--no-open"],
            cwd=clone,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Where this program runs in the background, the shell has told it to ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        lines = iter(serving.stdout.readline, "")
        address = next(found[0] for found in (re.search(r"http://127\.0\.0\.1:\d+/", line) for line in lines) if found)
        assert not address.endswith(f":{server.PREFERRED_PORT}/")
        with urllib.request.urlopen(address, timeout=10) as response:
            assert response.read() == (clone / "dist" / "index.html").read_bytes()
        serving.send_signal(signal.SIGINT)
        out, err = serving.communicate(timeout=20)
    assert (serving.returncode, err) == (0, "")
    assert out.endswith("Stopped.\n")
