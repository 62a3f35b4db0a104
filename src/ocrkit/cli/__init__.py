"""The command line: one file a command, each imported when it is called. Knows no format and no engine."""

from ocrkit.cli.root import main

__all__ = ["main"]
