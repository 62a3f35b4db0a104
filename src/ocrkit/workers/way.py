"""A way for a user without rights to what Python is loaded from, where that lies in a folder closed to it, as /root is.

For this process alone, in a view of the file system of its own: there the closed folder is empty but for Python's own
folders, at the paths where they were. Needs root on Linux. Knows no task.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys

# From <linux/sched.h> and <linux/mount.h>.
_CLONE_NEWNS = 0x00020000
_MS_NOSUID = 0x2
_MS_NODEV = 0x4
_MS_BIND = 0x1000
_MS_REC = 0x4000
_MS_PRIVATE = 0x40000


def open_way(user: int, group: int) -> bool:
    """Opens the way. Whether there is a way now, as far as folders above those of Python are concerned."""
    needed: dict[str, list[str]] = {}
    for folder in sorted({os.path.abspath(path) for path in (sys.prefix, sys.base_prefix, *sys.path)}):  # noqa: PTH100 - text is what Python compares
        closed = _closed_above(folder, user, group)
        if closed and os.path.isdir(folder):  # noqa: PTH112 - as above
            needed.setdefault(closed, []).append(folder)
    if not needed:
        return True
    libc = ctypes.CDLL(None)
    if libc.unshare(_CLONE_NEWNS) or libc.mount(None, b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None):
        return False
    os.umask(0o022)
    return all(_emptied_but_for(libc, closed, folders) for closed, folders in needed.items())


def _closed_above(folder: str, user: int, group: int) -> str | None:
    """The topmost folder above this one that the user may not go through."""
    parts = folder.split("/")
    for count in range(2, len(parts)):
        above = "/".join(parts[:count])
        try:
            found = os.stat(above)  # noqa: PTH116 - as above
        except FileNotFoundError:
            return None
        own, of_group = found.st_uid == user, found.st_gid == group
        needs = stat.S_IXUSR if own else stat.S_IXGRP if of_group else stat.S_IXOTH
        if not found.st_mode & needs:
            return above
    return None


def _emptied_but_for(libc: ctypes.CDLL, closed: str, folders: list[str]) -> bool:
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    kept = {folder: os.open(folder, os.O_PATH) for folder in folders}  # what is covered can be had through these alone
    if libc.mount(b"tmpfs", os.fsencode(closed), b"tmpfs", flags, b"mode=755,size=1m"):
        return False
    for folder, descriptor in kept.items():
        if not os.path.isdir(folder):  # noqa: PTH112 - else it came with one that was put back before
            os.makedirs(folder)  # noqa: PTH103
            source = f"/proc/self/fd/{descriptor}".encode()
            if libc.mount(source, os.fsencode(folder), None, ctypes.c_ulong(_MS_BIND | _MS_REC), None):
                return False
        os.close(descriptor)
    return True
