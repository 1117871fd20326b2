"""Download over the network: a server is asked at the address that was checked, and so are those it leads to.

Whoever runs a server could have this machine ask others that only it can reach, by a redirect or by what the name
of the server leads to. So redirects are followed here, and where a name leads is looked up once: what was checked
is what is connected to.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

from search.errors import InputError

if TYPE_CHECKING:
    from httpx2 import URL, AsyncClient, Response

LONGEST_SECONDS = 90.0
"""From the first request to the end of what it brings, redirects among it."""

_TIMEOUT_SECONDS = 30.0
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Received:
    """What a server answered in the end; nothing was read of what is no success."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""


def download(
    url: str, addresses: Sequence[str], headers: Mapping[str, str], limit: int, *, outside: bool
) -> Received:
    """Ask a server, and those that it leads to.

    Args:
        url: Its address.
        addresses: Where its name leads, as `look_up` found it; no other is connected to.
        headers: Of each request.
        limit: Most bytes that are read.
        outside: Whether all of them must be in the public network.

    Raises:
        InputError: If one of them is not, or they lead on and on, send too much, or take too long.
        httpx2.HTTPError: If one fails.
    """

    async def received() -> Received:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await _followed(url, addresses, headers, limit, outside=outside)

    try:
        return asyncio.run(received())
    except TimeoutError as error:
        raise InputError(f"it takes longer than {LONGEST_SECONDS:.0f} seconds") from error


def look_up(url: str) -> list[str]:
    """Look up the addresses of the server of a URL; none if it has none.

    Raises:
        httpx2.InvalidURL: If it is none.
    """
    import httpx2

    return addresses_of(_host(httpx2.URL(url)))


def is_inside(addresses: Sequence[str]) -> bool:
    """Tell whether there are addresses, none of them of the public network."""
    return bool(addresses) and not any(map(is_public, addresses))


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public network."""
    return ip_address(address).is_global


def addresses_of(host: str) -> list[str]:
    """Look up the addresses of a host; none if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # a name may also be one that cannot be asked for
        return []
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))


def _host(place: "URL") -> str:
    return place.raw_host.decode("ascii")


async def _followed(
    url: str, addresses: Sequence[str], headers: Mapping[str, str], limit: int, *, outside: bool
) -> Received:
    import httpx2

    place, found = httpx2.URL(url), addresses
    for _ in range(1 + _MOST_REDIRECTS):
        if place.scheme not in {"http", "https"}:
            raise InputError(f"its server leads to an address of the scheme {place.scheme!r}")
        async with _answer(place, found, headers, outside=outside) as response:
            if response.has_redirect_location:
                place = place.join(response.headers["Location"])
                found = addresses_of(_host(place))
                continue
            content = bytearray()
            if response.status_code == HTTPStatus.OK:
                async for block in response.aiter_bytes():
                    content += block
                    if len(content) > limit:
                        raise InputError(f"it has more than {limit} bytes")
            return Received(response.status_code, response.headers, bytes(content))
    raise InputError("its server leads on and on")


@asynccontextmanager
async def _answer(
    place: "URL", found: Sequence[str], headers: Mapping[str, str], *, outside: bool
) -> "AsyncIterator[Response]":
    """Give the answer of the first address of a server that can be reached; see `download`."""
    import httpx2

    host = _host(place)
    if outside and not all(map(is_public, found)):
        raise InputError(f"its server leads to {host}, which is no address of the public network")
    by_proxy = place.scheme in getproxies() and not proxy_bypass(host)  # it looks names up, and connects
    if not found and not by_proxy:
        raise InputError(f"{host} has no address")
    transport = None if by_proxy else httpx2.AsyncHTTPTransport()
    async with httpx2.AsyncClient(transport=transport, timeout=_TIMEOUT_SECONDS) as client:
        places = [place] if by_proxy else [place.copy_with(host=address) for address in found]
        response = await _first_answer(client, places, {**headers, "Host": place.netloc.decode("ascii")}, host)
        try:
            yield response
        finally:
            await response.aclose()


async def _first_answer(
    client: "AsyncClient", places: Sequence["URL"], headers: Mapping[str, str], host: str
) -> "Response":
    import httpx2

    for place in places:
        request = client.build_request("GET", place, headers=headers, extensions={"sni_hostname": host})
        try:
            return await client.send(request, stream=True)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            if place is places[-1]:
                raise
    raise InputError(f"{host} has no address")
