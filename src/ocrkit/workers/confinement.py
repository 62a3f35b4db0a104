"""What a child gives up at its start, before it opens anything: memory, network, root's rights, a life of its own.

Linux only in part: where the system does not offer or allow something, the child goes without it and says so.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

from ocrkit.workers.way import open_way

if TYPE_CHECKING:
    from ocrkit.workers.task import ChildSettings

# From <linux/prctl.h> and <linux/sched.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def confine(settings: ChildSettings) -> bool:
    """Confines this process; whether the system keeps it from the network now.

    Raises:
        OSError: the system does not let it become the user that it is to be.
    """
    os.nice(settings.nice)
    if settings.address_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (settings.address_bytes, settings.address_bytes))
    offline = not settings.network and _leave_network()
    if settings.user is not None and settings.group is not None:
        if sys.platform == "linux":
            open_way(settings.user, settings.group)  # where there is none, the first task will tell what it missed
        os.setgroups([])
        os.setresgid(settings.group, settings.group, settings.group)
        os.setresuid(settings.user, settings.user, settings.user)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # no program that it starts gets more rights than it has
        # Whatever native code it hangs in, it is killed with its parent. A closed pipe alone would wait for the code.
        # After the change of user, which the system has void this.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != settings.parent:  # it died before we asked
        sys.exit()
    return offline


def _leave_network() -> bool:
    """A network of its own has no way out. Root may make one; others may within a user namespace of their own."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
