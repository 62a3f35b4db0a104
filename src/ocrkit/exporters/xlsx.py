"""Excel: a sheet for each table, merged cells kept, numbers as numbers that show as they are printed."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from ocrkit.layout.continued import whole_tables
from ocrkit.layout.flow import body, header_rows

if TYPE_CHECKING:
    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.model import Document, Table

_NO_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 - the first day of ZIP, which knows no zones

_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_CHARACTERS = 32767
"""Excel's limit for a cell."""

_MAX_DIGITS = 15
"""Digits that a double holds; a longer number, such as an account's, stays text."""

_WIDTHS = (8, 60)
"""Narrowest and widest column, in characters."""

_NUMBER = re.compile(
    r"(?P<open>\(?)(?P<sign>[-−–+△▲]?)\s?(?P<before>[$€£¥]?)\s?"
    r"(?P<body>\d(?:[\d.,'’\u00a0\u202f ]*\d)?)(?P<after>(?:\s?[%€$£¥])?)(?P<close>\)?)"
)
_TRIANGLES = ("△", "▲")
"""How Japanese accounts mark what is less than nothing."""

_SPACES = re.compile(r"['’\u00a0\u202f ]")


class XlsxExporter:
    """Writes `xlsx`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes the tables; a document without any becomes one sheet with its blocks of text."""
        del options, source
        book = Workbook()
        book.remove(book.worksheets[0])
        number = 0
        for page in whole_tables(document.pages):
            for block in page.blocks:
                if block.table is not None:
                    number += 1
                    _write_table(book.create_sheet(f"Table {number} (page {page.number})"), block.table)
        if not number:
            _write_text(book.create_sheet("Text"), document)
        book.properties.creator = "ocrkit"
        book.properties.created = book.properties.modified = _NO_DATE
        written = io.BytesIO()
        ExcelWriter(book, ZipFile(written, "w", ZIP_DEFLATED)).save()
        _copy_undated(written, out)


def _copy_undated(archive: BinaryIO, out: BinaryIO) -> None:
    """The archive without its clock, so that one document is one file."""
    made = io.BytesIO()
    with ZipFile(archive) as parts, ZipFile(made, "w") as copy:
        for part in parts.infolist():
            copy.writestr(ZipInfo(part.filename, _NO_DATE.timetuple()[:6]), parts.read(part), ZIP_DEFLATED)
    out.write(made.getvalue())


def _write_table(sheet: Any, table: Table) -> None:
    mark = _decimal_mark([cell.text for cell in table.cells])
    widths = [_WIDTHS[0]] * table.columns
    for cell in table.cells:
        row, column = cell.row + 1, cell.column + 1
        made = sheet.cell(row, column)
        _set(made, cell.text, mark)
        made.alignment = Alignment(wrap_text="\n" in cell.text, vertical="top")
        if cell.header:
            made.font = Font(bold=True)
        if cell.row_span > 1 or cell.column_span > 1:
            sheet.merge_cells(
                start_row=row,
                start_column=column,
                end_row=row + cell.row_span - 1,
                end_column=column + cell.column_span - 1,
            )
        if cell.column_span == 1:
            longest = max(map(len, cell.text.split("\n"))) + 2
            widths[cell.column] = min(max(widths[cell.column], longest), _WIDTHS[1])
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    headers = header_rows(table)
    if 0 < headers < table.rows:
        sheet.freeze_panes = sheet.cell(headers + 1, 1)


def _write_text(sheet: Any, document: Document) -> None:
    sheet.append(["Page", "Kind", "Text"])
    for made in sheet[1]:
        made.font = Font(bold=True)
    row = 2
    for page in document.pages:
        for block in body(page, furniture=True):
            sheet.cell(row, 1, page.number)
            sheet.cell(row, 2, block.kind.value)
            _set_text(sheet.cell(row, 3), block.text)
            sheet.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
            row += 1
    sheet.column_dimensions["B"].width = 16
    sheet.column_dimensions["C"].width = 100
    sheet.freeze_panes = "A2"


def _set(made: Any, text: str, mark: str) -> None:
    number = _read_number(text, mark)
    if number is None:
        _set_text(made, text)
    else:
        made.value, made.number_format = number


def _set_text(made: Any, text: str) -> None:
    """Text stays text: nothing that begins with `=` is run."""
    made.value = _ILLEGAL.sub("", text)[:_MAX_CHARACTERS]
    if made.data_type == "f":
        made.data_type = "s"
        made.quotePrefix = True


def _decimal_mark(texts: list[str]) -> str:
    """The sign between whole numbers and decimals in these texts; the point where nothing tells."""
    votes = {".": 0, ",": 0}
    for text in texts:
        found = _NUMBER.fullmatch(text.strip())
        if found is None:
            continue
        number = found["body"]
        last = max(".,", key=number.rfind)
        other = "," if last == "." else "."
        count = number.count(last)
        if not count:
            continue
        if count > 1:
            votes[other] += 1
        # On scans a space may stand behind the sign: `12, 846` has three digits there.
        elif other in number or len(number[number.rfind(last) + 1 :].strip()) != 3:  # noqa: PLR2004 - digits of a group
            votes[last] += 1
    return max(votes, key=lambda sign: votes[sign])


def _read_number(text: str, mark: str) -> tuple[float | int, str] | None:
    """The number and the format that shows it as printed; `None` for what is text or must stay it."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    group = "." if mark == "," else ","
    printed = _SPACES.sub(group, found["body"].strip())
    whole, _, decimals = printed.partition(mark)
    grouped = group in whole
    if not re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+|\d+", whole) or not re.fullmatch(r"\d*", decimals):
        return None
    digits = whole.replace(group, "")
    # A leading zero is part of a code, a telephone number or a part number.
    if (len(digits) > 1 and digits[0] == "0") or len(digits + decimals) > _MAX_DIGITS:
        return None
    value: float | int = float(f"{digits}.{decimals}") if decimals else int(digits)
    shown = ("#,##0" if grouped else "0") + ("." + "0" * len(decimals) if decimals else "")
    sign, unit = found["sign"], found["after"].strip()
    if unit == "%":
        value, shown = value / 100, f"{shown}%"
    elif unit:
        shown = f'{shown}"{found["after"]}"'
    if found["before"]:
        shown = f'"{found["before"]}"{shown}'
    if found["open"]:
        return -value, f"{shown}_);({shown})"
    less = f'"{sign}"{shown}'
    shown = {"+": f"+{shown};-{shown}", **dict.fromkeys(_TRIANGLES, f"{shown};{less};{less}")}.get(sign, shown)
    return (-value if sign not in ("", "+") else value), shown
