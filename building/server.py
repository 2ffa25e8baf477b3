"""`build.py serve`: a small web server, which the tests in a browser use too.

The whole site is read into memory when it starts: all that it sends is of one build, every file is
compressed once however many ask for it, and no address can lead out of the site.

Where an address says what is in the file (building/digest.py), as all those in the page do, browsers
keep what they get for good, and do not ask again. For any other address, the page's own among them,
they ask each time whether the file is still the same, which is answered in a few bytes.
"""

import gzip
import http.server
import os
import re
import socket
import socketserver
import sys
import threading
import webbrowser
from contextlib import contextmanager, suppress
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from . import Failure, network
from .digest import query, sha256

# Written down here, because what Python finds on a machine depends on the machine, and a browser
# runs WebAssembly and modules of these types only.
TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".zip": "application/zip",
}
ALREADY_COMPRESSED = {".bin", ".png", ".zip"}
PREFERRED_PORT = 8000
SECONDS_OF_SILENCE = 60  # after which a connection is closed; browsers keep theirs open
FOR_GOOD = "public, max-age=31536000, immutable"  # a year, the longest that is understood everywhere
AT_ONCE = 1 << 18  # bytes: what the slowest line takes before that time is over

TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Asset:
    """A file as it is sent."""

    def __init__(self, body, suffix, type=None):
        self.body = body
        self.suffix = suffix
        self.type = type or TYPES.get(suffix, "application/octet-stream")
        self.compressible = suffix not in ALREADY_COMPRESSED

    @cached_property
    def gzipped(self):
        return gzip.compress(self.body, compresslevel=9, mtime=0)

    @cached_property
    def sha256(self):
        return sha256(self.body)

    def representation(self, compressed):
        """(body, the headers that go with it): as it is, or compressed if it may be and is worth it."""
        headers = {"ETag": f'"{self.sha256}"'}
        if not self.compressible:
            return self.body, headers
        headers["Vary"] = "Accept-Encoding"
        if not compressed:
            return self.body, headers
        return self.gzipped, headers | {"ETag": f'"{self.sha256}-gzip"', "Content-Encoding": "gzip"}


def read(folder):
    """The files of a folder as assets, by their address in the site, such as "py/microgpt.py"."""
    return {
        path.relative_to(folder).as_posix(): Asset(path.read_bytes(), path.suffix)
        for path in folder.rglob("*")
        if path.is_file()
    }


def compress(assets):
    """Compress them all now, and not when somebody is waiting."""
    for asset in assets.values():
        asset.representation(compressed=True)


class Server(http.server.ThreadingHTTPServer):
    """Serves assets below the path `base`, which begins and ends with a slash; port 0 is any free one."""

    request_queue_size = 512  # a class opens the page in the same second, six connections a browser
    allow_reuse_address = os.name != "nt"  # there it would take the port from another program

    def __init__(self, assets, base="/", port=0, host="127.0.0.1"):
        super().__init__((host, port), Handler)
        self.assets = assets
        self.base = base

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # the name that HTTPServer looks up besides can take half a minute

    @property
    def port(self):
        return self.server_address[1]

    @property
    def address(self):
        """Where this machine finds it."""
        return f"http://127.0.0.1:{self.port}{self.base}"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), OSError):  # those are visitors who went away
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SECONDS_OF_SILENCE
    disable_nagle_algorithm = True  # a small file need not wait until its headers have arrived

    def do_GET(self):
        try:
            parts = urlsplit(self.path)
        except ValueError:  # such as http://[
            return self.send_error(HTTPStatus.BAD_REQUEST)
        path = unquote(parts.path)
        base = self.server.base
        if path + "/" == base:
            return self.answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": base})
        name = path.removeprefix(base) if path.startswith(base) else None
        asset = self.server.assets.get("index.html" if name == "" else name)
        if asset is None:
            return self.answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"There is no such file here.\n")
        body, headers = asset.representation(TAKES_GZIP.search(self.headers.get("Accept-Encoding", "")))
        headers["Cache-Control"] = FOR_GOOD if parts.query == query(asset.sha256) else "no-cache"
        if headers["ETag"] in self.headers.get("If-None-Match", ""):
            return self.answer(HTTPStatus.NOT_MODIFIED, headers)
        headers |= {"Content-Type": asset.type, "Accept-Ranges": "bytes"}
        part = self.part(len(body), headers["ETag"])
        if part is None:
            return self.answer(HTTPStatus.OK, headers, body)
        if not part:
            return self.answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{len(body)}"})
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(body)}"
        self.answer(HTTPStatus.PARTIAL_CONTENT, headers, memoryview(body)[part.start : part.stop])

    do_HEAD = do_GET

    def part(self, size, etag):
        """The range of bytes that is asked for, empty if there are none such; None if it is to be all of them.

        So it is for several ranges at once, and for a range of what is not there any more (If-Range).
        """
        asked = RANGE.fullmatch(self.headers.get("Range", "").strip())
        if not asked or self.command != "GET" or self.headers.get("If-Range", etag) != etag:
            return None
        first, last = (int(digits) if digits else None for digits in asked.groups())
        if first is None:
            return None if last is None else range(max(0, size - last), size)  # the last so many
        if last is None:
            return range(first, size)
        return range(first, min(last + 1, size)) if first <= last else None

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        body = memoryview(body)
        for start in range(0, len(body), AT_ONCE):  # each with the whole time before it counts as silence
            self.wfile.write(body[start : start + AT_ONCE])

    def log_request(self, code="-", size="-"):
        if self.command and int(code) >= HTTPStatus.BAD_REQUEST:  # the rest is no news, or was no HTTP at all
            print(f"{int(code)} {self.path!a}", file=sys.stderr, flush=True)

    def log_error(self, *what):
        pass  # log_request has told it, or it is a connection that fell silent


@contextmanager
def running(assets, base="/"):
    """Serve the assets beside whatever else this program does, on any free port. Gives the address."""
    with Server(assets, base) as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()  # looks up so often, in s
        try:
            yield server.address
        finally:
            server.shutdown()


def serve(folder, opens=True, lan=False):
    """Serve the site in a folder until Ctrl-C: on this machine, or to all on its networks as well."""
    assets = read(folder)
    compress(assets)
    with listening(assets, "0.0.0.0" if lan else "127.0.0.1") as server, suppress(KeyboardInterrupt):
        if lan:
            print(network.announcement(server.port, network.addresses(), socket.gethostname(), *network.screen()))
        else:
            print(f"The page is at {server.address}")
        print("Ctrl-C ends it.", flush=True)
        if opens and has_windows():
            webbrowser.open(server.address)
        server.serve_forever()
    print("\nStopped.")


def listening(assets, host):
    """A server at the port that people know, or at any free one if that is taken."""
    try:
        return Server(assets, port=PREFERRED_PORT, host=host)
    except OSError:
        pass
    try:
        return Server(assets, host=host)
    except OSError as error:
        raise Failure(f"No port of this machine can be opened for the page: {error}") from None


def has_windows():
    """Whether there is a screen to open a browser on; without one it would open in this terminal."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
