"""Rows as an aligned table for people, or as JSON for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import unicodedata
from typing import TYPE_CHECKING, TypeAlias, cast

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Row: TypeAlias = "Mapping[str, object]"
"""Values by column name."""

_GAP = "  "
_NARROWEST = 20
"""Columns of the terminal below which a last column is not wrapped."""


def show(rows: Sequence[Row], *, as_json: bool, columns: Collection[str]) -> None:
    """Prints the rows: all they hold as JSON, or these columns as a table."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], indent=2, ensure_ascii=False))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in table_lines(rows, columns=columns, width=width):
        click.echo(line)


def show_one(row: Row, *, as_json: bool) -> None:
    """Prints all of one row, and its options as a table below."""
    if as_json:
        click.echo(json.dumps(dict(row), indent=2, ensure_ascii=False))
        return
    options = row.get("options")
    fields = {name.replace("_", " "): value for name, value in row.items() if name != "options"}
    longest = max(map(len, fields))
    for name, value in fields.items():
        click.echo(f"{name:{longest}}  {cell_text(value)}")
    if options is None:
        return
    click.echo()
    show(cast("list[Row]", options), as_json=False, columns=("name", "type", "default", "description"))


def table_lines(rows: Sequence[Row], *, columns: Collection[str], width: int | None = None) -> list[str]:
    """The lines of the table; where `width` is given, the last column is wrapped to it."""
    cells = [[column.upper().replace("_", " ") for column in columns]]
    cells += [[cell_text(row[column]) for column in columns] for row in rows]
    widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
    indent = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    room = max(width - indent, _NARROWEST) if width else max(widths[-1], 1)
    lines = []
    for row in cells:
        first = "".join(
            cell + " " * (size - _columns(cell)) + _GAP for cell, size in zip(row, widths[:-1], strict=False)
        )
        last = textwrap.wrap(row[-1], room, break_long_words=False, break_on_hyphens=False) or [""]
        lines.append((first + last[0]).rstrip())
        lines += [" " * indent + rest for rest in last[1:]]
    return lines


def cell_text(value: object) -> str:
    """One value as people read it: lists by commas, nothing as a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None or value == "" else str(value)


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
