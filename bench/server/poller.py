"""One client that asks how a job stands, again and again, until its standard input ends; a process of its own.

Threads of one Python process would wait for each other, and their waiting would be taken for the server's.
"""

from __future__ import annotations

import json
import select
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlsplit


def poll(address: str, pause: float) -> list[float]:
    """Seconds of each answer, one begun every `pause` seconds."""
    place = urlsplit(address)
    connection = HTTPConnection(place.netloc, timeout=60)
    seconds: list[float] = []
    upcoming = time.perf_counter()
    while not select.select([sys.stdin], [], [], 0)[0]:
        started = time.perf_counter()
        connection.request("GET", place.path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"the server answered {answer.status}")
        seconds.append(time.perf_counter() - started)
        upcoming = max(upcoming + pause, time.perf_counter() - 1.0)
        time.sleep(max(0.0, upcoming - time.perf_counter()))
    return seconds


if __name__ == "__main__":
    sys.stdout.write(json.dumps(poll(sys.argv[1], float(sys.argv[2]))))
