"""The user that children run as where root starts them: what breaks out of a decoder must not be root too."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from ocrkit.errors import OptionError

DEFAULT = "nobody"
_ROOT = 0


@dataclass(frozen=True, slots=True)
class ChildUser:
    """A user without rights, as the system knows it.

    Attributes:
        name: for messages.
        uid: its number.
        gid: the number of its only group.
    """

    name: str
    uid: int
    gid: int


def child_user(name: str) -> ChildUser | None:
    """The user of this name, `nobody` where it is empty; `None` where children keep the user of this process.

    They keep it where this process is not root, and where the user asked for is root.

    Raises:
        OptionError: there is no such user, or this process is not root and asks for another user than its own.
    """
    try:
        entry = pwd.getpwnam(name or DEFAULT)
    except KeyError:
        message = f"There is no user {name or DEFAULT!r} for the workers."
        raise OptionError(message, hint="Make the user, or name another in `worker_user`.") from None
    if os.geteuid() != _ROOT:
        if name and entry.pw_uid != os.geteuid():
            raise OptionError(f"Only root can start workers as {name!r}.", hint="Leave `worker_user` out.")
        return None
    return None if entry.pw_uid == _ROOT else ChildUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
