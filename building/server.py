"""`build.py serve`: a small web server, which the tests in a browser use too.

The whole site is read into memory when it starts: a page never mixes two builds, every file is
compressed once, and no address can lead out of the site.
"""

import gzip
import hashlib
import http.server
import os
import sys
import threading
import webbrowser
from contextlib import contextmanager
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from . import Failure

# Written down here, because what Python finds on a machine depends on the machine, and a browser
# runs WebAssembly and modules of these types only.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
ALREADY_COMPRESSED = {".ico", ".png", ".woff2", ".zip"}
PREFERRED_PORT = 8000
SECONDS_OF_SILENCE = 60  # after which a connection is closed; browsers keep theirs open


class Asset:
    """A file as it is sent."""

    def __init__(self, body, suffix, type=None):
        self.body = body
        self.suffix = suffix
        self.type = type or TYPES.get(suffix, "application/octet-stream")
        self.compressible = suffix not in ALREADY_COMPRESSED

    @cached_property
    def gzipped(self):
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    @cached_property
    def etag(self):
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def read(folder):
    """The files of a folder as assets, by their address in the site, such as "py/microgpt.py"."""
    return {
        path.relative_to(folder).as_posix(): Asset(path.read_bytes(), path.suffix)
        for path in folder.rglob("*")
        if path.is_file()
    }


class Server(http.server.ThreadingHTTPServer):
    """Serves assets below the path `base`, which begins and ends with a slash; port 0 is any free one."""

    request_queue_size = 128
    allow_reuse_address = os.name != "nt"  # there it would take the port from another program

    def __init__(self, assets, base="/", port=0, host="127.0.0.1"):
        super().__init__((host, port), Handler)
        self.assets = assets
        self.base = base

    @property
    def address(self):
        return "http://{}:{}{}".format(*self.server_address[:2], self.base)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), OSError):  # those are visitors who went away
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SECONDS_OF_SILENCE

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        base = self.server.base
        if path + "/" == base:
            return self.answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": base})
        name = path.removeprefix(base) if path.startswith(base) else None
        asset = self.server.assets.get("index.html" if name == "" else name)
        if asset is None:
            return self.answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"There is no such file here.\n")
        headers = {"Cache-Control": "no-cache", "ETag": asset.etag}  # kept, but asked about each time
        if asset.etag in self.headers.get("If-None-Match", ""):
            return self.answer(HTTPStatus.NOT_MODIFIED, headers)
        headers["Content-Type"] = asset.type
        body = asset.body
        if asset.compressible:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                headers["Content-Encoding"] = "gzip"
                body = asset.gzipped
        self.answer(HTTPStatus.OK, headers, body)

    do_HEAD = do_GET

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        if int(code) >= HTTPStatus.BAD_REQUEST:  # the rest is no news
            print(f"{int(code)} {self.path}", file=sys.stderr, flush=True)

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


def serve(folder, opens=True):
    """Serve the site in a folder on this machine, until Ctrl-C."""
    assets = read(folder)
    try:
        server = Server(assets, port=PREFERRED_PORT)
    except OSError:  # taken: any free one will do
        try:
            server = Server(assets)
        except OSError as error:
            raise Failure(f"No port of this machine can be opened for the page: {error}") from None
    with server:
        print(f"The page is at {server.address}\nCtrl-C ends it.", flush=True)
        if opens and has_windows():
            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")


def has_windows():
    """Whether there is a screen to open a browser on; without one it would open in this terminal."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
