"""One article from the web, only when its address is given; bounded in size and time, from public addresses only.

The address that is checked is the one that is connected to, at every redirect, so that a name that answers differently
the second time gains nothing. Proxies of the environment are not used: what they reach could not be checked.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.request
import zlib
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from kb import __version__
from kb.errors import DocumentError
from kb.model import Document
from kb.read import MAX_BYTES, page_document, text_document

TIMEOUT = 20.0
"""Seconds that each step (connecting, one read) may take."""

DEADLINE = 60.0
"""Seconds that the whole answer may take."""

_HEADERS = {
    "User-Agent": f"Factline/{__version__}",
    "Accept": "text/html, application/xhtml+xml, text/plain;q=0.8",
    "Accept-Encoding": "gzip",
}
_PAGES = ("text/html", "application/xhtml+xml")
_CHUNK = 64 * 1024


class _RefusedError(OSError):
    """An address that is not public."""


def is_url(text: str) -> bool:
    """Whether this is an address to fetch rather than the name of a file."""
    return text.startswith(("http://", "https://"))


def fetch(url: str, *, public_only: bool = True) -> Document:
    """The article at an http or https address.

    :raises DocumentError: no such page, not a page or text, too large, too slow, or at an address that is not public
    """
    opener = _opener(public_only)
    try:
        host = urlsplit(url).hostname
        if not host:
            raise DocumentError(f"{url}: not an address; it names no host")
        with opener.open(urllib.request.Request(url, headers=_HEADERS), timeout=TIMEOUT) as response:  # noqa: S310 - http(s) only
            return _document(response.url, response)
    except HTTPError as error:
        with error:
            raise DocumentError(f"{url}: the server answers {error.code} {error.reason}") from error
    except URLError as error:
        raise DocumentError(f"{url}: cannot be fetched: {_reason(error.reason)}") from error
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise DocumentError(f"{url}: cannot be fetched: {_reason(error)}") from error


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time; try again later, or save the page and add the file"
    if isinstance(error, socket.gaierror):
        return "the host is not known; check the spelling and the connection"
    return str(error) or type(error).__name__


def _document(url: str, response: Any) -> Document:
    kind = response.headers.get_content_type()
    if kind not in (*_PAGES, "text/plain"):
        raise DocumentError(f"{url}: it is {kind}; Factline reads pages and plain text")
    data = _body(url, response)
    if kind == "text/plain":
        return text_document(url, data).model_copy(update={"url": url})
    return page_document(url, data, url=url, charset=response.headers.get_content_charset())


def _body(url: str, response: Any) -> bytes:
    """The whole answer, unpacked, within the bounds."""
    ends = time.monotonic() + DEADLINE
    unpack = zlib.decompressobj(31) if response.headers.get("Content-Encoding") == "gzip" else None
    data = bytearray()
    while chunk := response.read1(_CHUNK):  # what has come, so that a slow sender meets the deadline
        data += unpack.decompress(chunk, MAX_BYTES + 1) if unpack else chunk
        if len(data) > MAX_BYTES:
            raise DocumentError(f"{url}: larger than {MAX_BYTES >> 20} MB; save the article as text and add the file")
        if time.monotonic() > ends:
            raise DocumentError(f"{url}: not finished after {DEADLINE:.0f} seconds; save the page and add the file")
    return bytes(data)


def _opener(public_only: bool) -> urllib.request.OpenerDirector:
    """Only http and https, with redirects; every connection checked."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        _Http(public_only),
        _Https(public_only),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


class _Http(urllib.request.HTTPHandler):
    def __init__(self, public_only: bool) -> None:
        super().__init__()
        self._public_only = public_only

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open with a checked connection."""
        return self.do_open(_Connection, req, public_only=self._public_only)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, public_only: bool) -> None:
        super().__init__()
        self._public_only = public_only

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open with a checked, encrypted connection."""
        return self.do_open(_SafeConnection, req, public_only=self._public_only)


class _Connection(http.client.HTTPConnection):
    def __init__(self, host: str, *, public_only: bool = True, **options: Any) -> None:
        super().__init__(host, **options)
        self._public_only = public_only

    def connect(self) -> None:
        """Connect to the first address of the host that is allowed and answers."""
        self.sock = _connect(self.host, self.port, self._public_only)


class _SafeConnection(_Connection):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """The same, then TLS under the host's own name."""
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _connect(host: str, port: int, public_only: bool) -> socket.socket:
    last: OSError = OSError(f"no address for {host}")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if public_only and not _is_public(str(address[0])):
            last = _RefusedError(
                f"{host} is at {address[0]}, which is not a public address; save the page, add the file"
            )
            continue
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(TIMEOUT)
            connection.connect(address)
        except OSError as error:
            connection.close()
            last = error
        else:
            return connection
    raise last


def _is_public(address: str) -> bool:
    """Whether an address belongs to the public internet; one of IPv4 within IPv6 counts as that of IPv4."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = parsed.ipv4_mapped or parsed.sixtofour if isinstance(parsed, ipaddress.IPv6Address) else None
    return (inner or parsed).is_global and not parsed.is_multicast
