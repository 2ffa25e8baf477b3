"""`build.py serve`: a small web server, which the tests in a browser use too.

The whole site is read into memory when it starts: all that it sends is of one build, every file is
compressed once however many ask for it, and no address can lead out of the site.

Where an address says what is in the file (building/digest.py), as all those in the page do, browsers
keep what they get for good, and do not ask again. For any other address, the page's own among them,
they ask each time whether the file is still the same, which is answered in a few bytes.

Waitress keeps the connections and Werkzeug reads what is asked; here is what to answer.
"""

import gzip
import io
import logging
import os
import socket
import sys
import threading
import webbrowser
from contextlib import contextmanager, suppress
from functools import cached_property
from http import HTTPStatus

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.wasyncore import close_all
from werkzeug import Request, Response
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.utils import redirect
from werkzeug.wsgi import wrap_file

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
CONNECTIONS = 500  # at once, others wait: six a browser, and Windows cannot watch more than 512
AT_ONCE = 1 << 18  # bytes that are handed to the system, which may take less: Waitress would copy ten times as many
LONGEST_TOLD = 100  # characters of an address

TLS = b"\x16\x03"  # how a connection begins that was meant to be https


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


class Site:
    """The assets below the path `base`, which begins and ends with a slash, for a server of WSGI applications."""

    def __init__(self, assets, base="/"):
        self.assets = assets
        self.base = base

    def __call__(self, environ, start_response):
        request = Request(environ)
        response = self.answer(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:  # the rest is no news, or was no HTTP at all
            print(response.status_code, ascii(request.path[:LONGEST_TOLD]), file=sys.stderr, flush=True)
        return response(environ, start_response)

    def answer(self, request):
        """The response to a request: the tests put faults in its place."""
        if request.method not in ("GET", "HEAD"):
            return MethodNotAllowed(["GET", "HEAD"]).get_response()
        if request.path + "/" == self.base:
            return redirect(self.base, HTTPStatus.MOVED_PERMANENTLY)
        name = request.path.removeprefix(self.base) if request.path.startswith(self.base) else None
        asset = self.assets.get("index.html" if name == "" else name)
        if asset is None:
            return Response("There is no such file here.\n", HTTPStatus.NOT_FOUND)
        body, headers = asset.representation(request.accept_encodings.quality("gzip") > 0)
        headers["Cache-Control"] = FOR_GOOD if request.query_string == query(asset.sha256).encode() else "no-cache"
        headers |= {"Content-Type": asset.type, "Accept-Ranges": "bytes", "Content-Length": len(body)}
        # It shares the body, and Waitress sends it piece by piece: no client has a copy, or a thread.
        file = io.BytesIO(body)
        response = Response(wrap_file(request.environ, file), headers=headers, direct_passthrough=True)
        response.make_conditional(request)
        part = asked_part(request, len(body), headers["ETag"])
        if response.status_code == HTTPStatus.NOT_MODIFIED or part is None:
            return response
        if not part:
            return Response("", HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{len(body)}"})
        file.seek(part.start)
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.content_length = len(part)
        response.content_range = ContentRange("bytes", part.start, part.stop, len(body))
        return response


def asked_part(request, size, etag):
    """The range of bytes that is asked for, empty if there are none such; None if it is to be all of them.

    So it is for several ranges at once, and for a range of what is not there any more (If-Range).
    """
    asked = request.range
    if request.method != "GET" or not asked or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    return range(size)[slice(*asked.ranges[0])] if request.headers.get("If-Range", etag) == etag else None


class Parser(HTTPRequestParser):
    """Waitress's own, but what is no HTTP is refused at once, and never taken for an error of the server's."""

    path = ""  # also where a request is none: Waitress names it when the client has gone away

    def received(self, data):
        return super().received(data + b"\r\n\r\n" if data.startswith(TLS) else data)

    def parse_header(self, header_plus):
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # such as of http://[
            raise ParsingError(str(error)) from None


class Channel(HTTPChannel):
    """A connection."""

    parser_class = Parser

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.sendbuf_len = AT_ONCE


class Server:
    """Serves assets below the path `base`, with few threads for however many clients; port 0 is any free one."""

    def __init__(self, assets, base="/", port=0, host="127.0.0.1"):
        logging.getLogger("waitress").setLevel(logging.ERROR)  # that it is busy is no news
        self.connections = {}
        self.waitress = waitress.create_server(
            Site(assets, base),
            self.connections,
            sockets=[socket.create_server((host, port))],  # Waitress's own takes ports from other programs, on Windows
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            channel_timeout=SECONDS_OF_SILENCE,
            cleanup_interval=max(1, SECONDS_OF_SILENCE // 4),
            max_request_header_size=1 << 16,
            max_request_body_size=1,
            log_socket_errors=False,  # those are visitors who went away
        )
        self.waitress.channel_class = Channel
        self.port = self.waitress.effective_port
        self.address = f"http://127.0.0.1:{self.port}{base}"  # where this machine finds it

    def run(self):
        """Serve until Ctrl-C, or stop() in another thread."""
        self.waitress.run()

    def stop(self):
        self.waitress.task_dispatcher.shutdown()
        self.waitress.trigger.pull_trigger(lambda: close_all(self.connections))


@contextmanager
def running(assets, base="/"):
    """Serve the assets beside whatever else this program does, on any free port. Gives the address."""
    server = Server(assets, base)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()


def serve(folder, opens=True, lan=False):
    """Serve the site in a folder until Ctrl-C: on this machine, or to all on its networks as well."""
    assets = read(folder)
    compress(assets)
    server = listening(assets, "0.0.0.0" if lan else "127.0.0.1")
    with suppress(KeyboardInterrupt):
        if lan:
            print(network.announcement(server.port, network.addresses(), socket.gethostname(), *network.screen()))
        else:
            print(f"The page is at {server.address}")
        print("Ctrl-C ends it.", flush=True)
        if opens and has_windows():
            webbrowser.open(server.address)
        server.run()
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
