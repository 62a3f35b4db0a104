"""One resident child process that reads pages; whatever happens to it comes back as a value."""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from ocrkit.errors import OcrkitError, PageTimeoutError, WorkerCrashedError
from ocrkit.workers.task import ChildSettings

if TYPE_CHECKING:
    from ocrkit.workers.task import Task
    from ocrkit.workers.user import ChildUser

Result = TypeVar("Result")

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# glibc gives the memory of every picture and tensor back at once and fetches it again for the next, at 6 % of the
# time of a page; below this size it keeps it.
_KEPT_MEMORY = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(128 << 20))
_SECRETS = frozenset(
    {"OCRKIT_SECRET_KEY", "OCRKIT_DB", "OCRKIT_VLM_KEY", "OCRKIT_VLM_LOGIN", "OCRKIT_LLM_KEY", "OCRKIT_LLM_LOGIN"}
)
_NO_HOME = "/nonexistent"
"""Debian Policy 9.2.3: what users without a folder have for it."""
_CHUNK = 1 << 16
_CLOSE_GRACE = 2.0


@dataclass(frozen=True, slots=True)
class ShieldLimits:
    """What a child may cost.

    Attributes:
        seconds: for one task, the loading of models included; past it the child is ended.
        pages: tasks done by one child before it is replaced, so that no leak grows for ever.
        resident_bytes: memory of a child above which it is replaced after its page.
        address_bytes: hard limit of a child's address space (RLIMIT_AS); `None` for none.
        network: whether a child may reach the network; if not, it is kept from it where the system allows that.
        nice: steps by which a child lets other processes go first, from 0 to 19.
        user: that a child becomes before it opens anything, where root starts it; `None` for the parent's.
    """

    seconds: float = 180.0
    pages: int = 2000
    resident_bytes: int = 2 << 30
    address_bytes: int | None = None
    network: bool = True
    nice: int = 0
    user: ChildUser | None = None


class Shield:
    """Runs one task at a time in a child process, made on first use and replaced when it dies.

    Not for several threads at once: a pool gives each thread a shield of its own. On Linux a child goes with the
    thread that started it.
    """

    def __init__(self, limits: ShieldLimits | None = None) -> None:
        self._limits = limits or ShieldLimits()
        self._child: subprocess.Popen[bytes] | None = None
        self._pages = 0

    @property
    def pid(self) -> int | None:
        """Process id of the child that stands ready; `None` where there is none."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def run(self, task: Task[Result]) -> Result | OcrkitError:
        """The result, or the error value that says why there is none; raises nothing for what the child does."""
        child = self._ready()
        try:
            assert child.stdin is not None
            child.stdin.write(task.model_dump_json().encode() + b"\n")
            child.stdin.flush()
            line = self._line(child)
        except (BrokenPipeError, ConnectionResetError):
            line = b""
        except TimeoutError:
            self._end(child)
            limit = self._limits.seconds
            return PageTimeoutError(
                f"{task.subject.capitalize()} took longer than {limit:g} s.",
                hint="Raise the time limit or split the file.",
            )
        if not line.endswith(b"\n"):
            return self._crash(child, task)
        try:
            result = task.result_of(line)
        except ValidationError:
            # Something else wrote where the answers go: the next line may be that to this task, and so another's.
            return self._crash(child, task)
        self._pages += 1
        if self._pages >= self._limits.pages or _resident_bytes(child.pid) > self._limits.resident_bytes:
            self.close()
        return result

    def close(self) -> None:
        """Lets the child finish and go; it is killed if it does not within two seconds."""
        child, self._child = self._child, None
        if child is None:
            return
        assert child.stdin is not None
        try:
            child.stdin.close()
            child.wait(_CLOSE_GRACE)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            child.kill()
        self._reap(child)

    def kill(self) -> None:
        """Ends the child at once, whatever it is doing; safe from another thread."""
        if self._child is not None:
            self._child.kill()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        if self._child is not None:
            self._reap(self._child)
        self._pages = 0
        limits = self._limits
        settings = ChildSettings(
            parent=os.getpid(),
            address_bytes=limits.address_bytes,
            network=limits.network,
            nice=limits.nice,
            seconds=limits.seconds,
            user=limits.user.uid if limits.user else None,
            group=limits.user.gid if limits.user else None,
        )
        self._child = subprocess.Popen(  # noqa: S603 - our own module, told our own settings
            [sys.executable, "-m", "ocrkit.workers.child", settings.model_dump_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_KEPT_MEMORY, **_environment(limits), **_ONE_THREAD},
        )
        return self._child

    def _line(self, child: subprocess.Popen[bytes]) -> bytes:
        """One line of the child's answer, shorter if it died.

        Raises:
            TimeoutError: it took longer than the limit.
        """
        assert child.stdout is not None
        deadline = time.monotonic() + self._limits.seconds
        parts: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not (parts and parts[-1].endswith(b"\n")):
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimeoutError
                chunk = os.read(child.stdout.fileno(), _CHUNK)
                if not chunk:
                    break
                parts.append(chunk)
        return b"".join(parts)

    def _crash(self, child: subprocess.Popen[bytes], task: Task[Result]) -> OcrkitError:
        code = self._end(child)
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return WorkerCrashedError(
            f"The process working on {task.subject} was ended {how}.",
            hint="The page may be damaged or need more memory than there is.",
        )

    def _end(self, child: subprocess.Popen[bytes]) -> int:
        self._child = None
        child.kill()
        return self._reap(child)

    @staticmethod
    def _reap(child: subprocess.Popen[bytes]) -> int:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # the child went before it read all; there is nothing left to say to it
        return child.wait()


def _environment(limits: ShieldLimits) -> dict[str, str]:
    """The variables of a child; one that has no use for keys, being kept from the network, has none to give away."""
    found = {name: value for name, value in os.environ.items() if limits.network or name not in _SECRETS}
    # What looks into the folder of a user must not stumble over one that is closed to it.
    return {**found, "HOME": _NO_HOME} if limits.user else found


def _resident_bytes(pid: int) -> int:
    """Resident memory of a process, from the kernel's own count; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as statm:  # noqa: PTH123 - a kernel file, not a path of ours
            return int(statm.read().split()[1]) * resource.getpagesize()
    except (FileNotFoundError, ProcessLookupError):
        return 0
