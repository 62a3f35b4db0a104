"""Posts what became of a job to the address its owner gave, signed as Standard Webhooks has it.

The address is anyone's choice, so it is resolved here, private addresses are refused, and the connection goes to
the very address that was looked at. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import queue
import socket
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from ocrkit.errors import DatabaseUnavailableError, ForbiddenAddressError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from ocrkit.jobs.deliveries import Deliveries
    from ocrkit.jobs.ledger import Ledger
    from ocrkit.jobs.records import Delivery, Job

    Sign: TypeAlias = Callable[[str, bytes], str]
    """The signature of a message in the name of an account: `v1,` and base64 of HMAC-SHA256."""

    _Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

SECONDS = 10.0
"""For one message, from the look-up of the name to the status of the answer."""

_ABREAST = 4
_LOOK = 0.2
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""What IANA gives out for the public internet. All else of IPv6 is for some use within a network, and the list of such
uses grows faster than the one that comes with Python."""
_INSIDE = (
    ipaddress.ip_network("192.88.99.0/24"),  # RFC 7526: relays of old, which lead wherever the network likes
    ipaddress.ip_network("3fff::/20"),  # RFC 9637: for documentation
)
_SUCCESS = range(200, 300)
_GONE = 410

log = logging.getLogger(__name__)


def check_url(url: str) -> str:
    """The URL, if a webhook may have it; where its name leads is looked at when a message is sent.

    Raises:
        OptionError: it is no http(s) URL, or carries a password.
    """
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username is not None or parts.password is not None:
        raise OptionError("The webhook is no http or https address.", hint="Give https://HOST/PATH, no password in it.")
    return url


class Courier:
    """Delivers what is due.

    Args:
        sign: signs in the name of an account.
        allow_private: whether addresses that are not of the public internet may be used.
    """

    def __init__(self, deliveries: Deliveries, ledger: Ledger, *, sign: Sign, allow_private: bool = False) -> None:
        self._deliveries = deliveries
        self._ledger = ledger
        self._sign = sign
        self._allow_private = allow_private
        self._stopping = threading.Event()

    def deliver_due(self) -> None:
        """Sends the messages that are due, and returns when they are through or the service stops.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        waiting: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        for delivery in self._deliveries.take():
            waiting.put(delivery)
        # Daemons, since a receiver that keeps us waiting is no reason to stay when the service stops.
        threads = [
            threading.Thread(target=self._deliver_all, args=(waiting,), name="ocrkit-webhook", daemon=True)
            for _ in range(min(_ABREAST, waiting.qsize()))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive() and not self._stopping.is_set():
                thread.join(_LOOK)

    def close(self) -> None:
        """Sends nothing more, and waits for nothing: what is not accepted by now is sent again after the next start."""
        self._stopping.set()

    def _deliver_all(self, waiting: queue.SimpleQueue[Delivery]) -> None:
        while not self._stopping.is_set():
            try:
                self._deliver(waiting.get_nowait())
            except queue.Empty:
                return
            except DatabaseUnavailableError as error:
                log.warning("A message to a webhook may be sent twice: %s", error)

    def _deliver(self, delivery: Delivery) -> None:
        job = self._ledger.job(delivery.job)
        if job is None:
            return  # deleted in the meantime, its deliveries with it
        try:
            status = self._post(delivery, job)
        except ForbiddenAddressError as error:
            self._deliveries.failed(delivery.id, str(error), for_good=True)
        except (httpx.HTTPError, OSError, ValueError) as error:
            self._deliveries.failed(delivery.id, f"{type(error).__name__}: {error}", for_good=False)
        else:
            if status in _SUCCESS:
                self._deliveries.delivered(delivery.id)
            else:
                self._deliveries.failed(delivery.id, f"The answer was {status}.", for_good=status == _GONE)

    def _post(self, delivery: Delivery, job: Job) -> int:
        """The status of the answer, whose body is not read."""
        deadline = time.monotonic() + SECONDS
        url = httpx.URL(delivery.url)
        address = resolve(url.host, url.port or {"http": 80}.get(url.scheme, 443), allow_private=self._allow_private)
        body, sent = _body(delivery, job), str(int(time.time()))
        headers = {
            "Host": url.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "User-Agent": "ocrkit",
            "webhook-id": delivery.id,
            "webhook-timestamp": sent,
            "webhook-signature": self._sign(delivery.account, b".".join([delivery.id.encode(), sent.encode(), body])),
        }
        return asyncio.run(
            _status(
                url.copy_with(host=address),
                content=body,
                headers=headers,
                host=url.host,
                seconds=max(0.1, deadline - time.monotonic()),
            )
        )


async def _status(url: httpx.URL, *, content: bytes, headers: dict[str, str], host: str, seconds: float) -> int:
    """The status of the answer, had within so many seconds in all.

    A client's own limits are for each piece that comes: who sends a byte now and then would never meet one.
    """
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, content=content, headers=headers, extensions={"sni_hostname": host}) as answer,
    ):
        return answer.status_code


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """An address of the host to connect to.

    Raises:
        ForbiddenAddressError: any of its addresses is not of the public internet, and that is not allowed.
        OSError: it has none.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    private = [address for address in found if not _is_public(address)]
    if private and not allow_private:
        raise ForbiddenAddressError(f"{host} leads to {private[0]}, which is not an address of the public internet.")
    return found[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(_is_of_the_internet(inner) for inner in _inner(address))


def _is_of_the_internet(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in _INSIDE)


def _inner(address: _Address) -> list[_Address]:
    """The address, and those of IPv4 that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    # These two are no more than the address in them.
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, *(inner for inner in (address.sixtofour, *(address.teredo or ())) if inner is not None)]


def _body(delivery: Delivery, job: Job) -> bytes:
    told = {
        "type": delivery.event,
        "timestamp": job.finished,
        "data": {
            "uuid": job.id,
            "status": "done" if job.state == "done" else "failed",
            "page_count": job.page_count,
            "pages_done": job.pages_done,
            "pages_failed": job.pages_failed,
            "error": job.error,
            "code": job.error_code,
        },
    }
    return json.dumps(told, separators=(",", ":")).encode()
