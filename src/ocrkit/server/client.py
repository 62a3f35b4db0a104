"""Who calls, as an IP address: the peer of the connection, or what trusted proxies say of it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import Headers

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network
    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOCAL = "local"
"""The caller at the other end of a Unix socket, which has no address."""


def client_address(peer: str | None, headers: Headers, *, trusted: Sequence[Network]) -> str:
    """The address of the caller.

    `X-Forwarded-For` is read from its end, where the nearest proxy writes: the first address that is no trusted proxy
    is the caller. What stands before it is the caller's own claim.

    Args:
        peer: who opened the connection; `None` on a Unix socket.
        headers: of the request.
        trusted: networks of the proxies whose word counts.
    """
    caller = peer or LOCAL
    if not _is_trusted(caller, trusted):
        return caller
    hops = [hop.strip() for line in headers.getlist("x-forwarded-for") for hop in line.split(",")]
    for hop in reversed(hops):
        address = _parsed(hop)
        if address is None:
            break
        caller = str(address)
        if not _is_trusted(caller, trusted):
            break
    return caller


def _is_trusted(caller: str, trusted: Sequence[Network]) -> bool:
    address = _parsed(caller) if trusted else None
    return address is not None and any(address in network for network in trusted)


def _parsed(text: str) -> Address | None:
    """The address in a hop such as `1.2.3.4`, `1.2.3.4:5678` or `[2001:db8::1]:5678`."""
    host = text.strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
