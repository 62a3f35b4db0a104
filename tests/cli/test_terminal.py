"""What needs signals, pipes and terminals rather than files."""

from __future__ import annotations

import os
import pty
import signal
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakePdf, Ocrkit

COMMAND = [sys.executable, "-m", "ocrkit", "recognize", "-f", "txt"]


def test_ctrl_c_ends_it_with_130_and_no_traceback(tmp_path: Path) -> None:
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdin is not None
        process.stdin.write(b"x" * (4 << 20))  # larger than a pipe holds: once it is through, the command is reading
        process.stdin.flush()
        time.sleep(1)  # until it waits for more
        process.send_signal(signal.SIGINT)
        process.stdin.close()  # a signal that falls between two reads is heeded only once the next one returns
        assert process.stderr is not None
        assert (process.wait(20), process.stderr.read().strip()) == (130, b"")


def test_a_reader_that_goes_away_is_no_error_message(make_pdf: MakePdf) -> None:
    pdf = make_pdf("a.pdf", "for nobody")
    with subprocess.Popen([*COMMAND, pdf], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 1


def test_a_terminal_sees_how_far_it_is(make_pdf: MakePdf, tmp_path: Path) -> None:
    pdfs = [make_pdf("a.pdf", "one", "two"), make_pdf("b.pdf", "three")]
    leader, follower = pty.openpty()
    shown = bytearray()
    reader = threading.Thread(target=_drain, args=(leader, shown))
    reader.start()
    done = subprocess.run(
        [*COMMAND, *pdfs, "-o", "out"], stdout=subprocess.PIPE, stderr=follower, check=False, cwd=tmp_path
    )
    os.close(follower)
    reader.join(10)
    os.close(leader)
    text = shown.decode()
    assert (done.returncode, done.stdout) == (0, b"")
    assert "page 2/2, " in text
    assert " pages/s" in text
    assert "b.pdf → out/b.txt  (1 page; " in text
    assert "2 files, 0 failed, 3 pages, " in text


def _drain(terminal: int, into: bytearray) -> None:
    try:
        while data := os.read(terminal, 4096):
            into.extend(data)
    except OSError:  # how Linux says that the other end of a terminal is closed
        return


def test_a_pipe_as_output_stays_a_pipe(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    make_pdf("a.pdf", "through a pipe")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as cat:
        assert ocrkit("recognize", "a.pdf", "-f", "txt", "-o", "pipe").returncode == 0
        try:
            assert cat.communicate(timeout=10)[0].strip() == b"through a pipe"
        finally:
            cat.kill()
    assert stat.S_ISFIFO(pipe.stat().st_mode)
