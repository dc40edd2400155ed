"""Rows as a workbook of Excel: the library makes the workbook, its sheet is written here, row by row.

The library is loaded by the first export: it is large, and only workers need it.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from plugin_api.exporters import ExporterType, ExportOptions, ExportRows
from plugin_api.jobs import JobFailed
from plugin_api.schemas import Bool
from plugin_api.storage import blocks

_MAX_ROWS, _MAX_COLUMNS, _MAX_CHARS = 1_048_576, 16_384, 32_767
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BLOCK = 1024 * 1024
_ROWS = 500

_SHEET = "xl/worksheets/sheet1.xml"
_BEFORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_AFTER = b"</sheetData></worksheet>"


class ExcelOptions(ExportOptions):
    """What clients choose of a workbook."""

    excel_include_header = Bool(
        load_default=True, metadata={"description": "Of Excel: whether the first row has the names of the fields."}
    )


class ExcelExporter(ExporterType):
    """A workbook whose cells are texts, none of them a formula, but for the rows' ids."""

    type = "excel"
    extension = "xlsx"
    options_schema = ExcelOptions

    def chunks(self, rows: ExportRows, options: Mapping[str, Any]) -> Iterator[bytes]:
        """The sheet is kept in a temporary file until the last row; a row more than Excel can hold fails."""
        columns = [column.name for column in rows.columns]
        if len(columns) > _MAX_COLUMNS:
            raise JobFailed(f"A sheet of Excel has at most {_MAX_COLUMNS} columns. Choose fewer fields.")
        with tempfile.TemporaryFile() as sheet, tempfile.TemporaryFile() as file:
            sheet.write(_BEFORE)
            for text in _rows(columns if options["excel_include_header"] else None, rows):
                sheet.write(text.encode())
            sheet.write(_AFTER)
            _write_workbook(sheet, file)
            yield from blocks(file)


def _rows(header: Sequence[str] | None, rows: ExportRows) -> Iterator[str]:
    """The sheet's rows, several at a time."""
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(n + 1) for n in range(len(rows.columns))]
    pieces = [] if header is None else [f'<row r="1">{_cells(1, letters, header)}</row>']
    for at, row in enumerate(rows.texts(), 1 + len(pieces)):
        if at > _MAX_ROWS:
            raise JobFailed(f"A sheet of Excel has at most {_MAX_ROWS} rows. Filter the rows or export them as CSV.")
        pieces.append(f'<row r="{at}"><c r="A{at}"><v>{row[0]}</v></c>{_cells(at, letters[1:], row[1:])}</row>')
        if len(pieces) >= _ROWS:
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces)


def _cells(at: int, letters: Sequence[str], texts: Sequence[str]) -> str:
    """Cells of a row with texts in them, which nothing takes for formulas; empty ones have nothing in them."""
    return "".join(
        [
            f'<c r="{letter}{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            if text
            else f'<c r="{letter}{at}"/>'
            for letter, text in zip(letters, _escaped(texts), strict=True)
        ]
    )


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    """Texts as XML has them, no longer than a cell takes, without what XML cannot hold."""
    joined = "".join(texts)
    if len(joined) <= _MAX_CHARS and joined.isprintable() and not ("&" in joined or "<" in joined or ">" in joined):
        return texts
    return [escape(_NO_TEXT.sub("", text)[:_MAX_CHARS]) for text in texts]


def _write_workbook(sheet: IO[bytes], file: IO[bytes]) -> None:
    """A workbook of the library's, with the sheet in the place of its empty one."""
    from openpyxl import Workbook

    empty, book = io.BytesIO(), Workbook(write_only=True)
    book.create_sheet("Export")
    book.save(empty)
    with zipfile.ZipFile(empty) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in made.infolist():
            if entry.filename != _SHEET:
                archive.writestr(entry, made.read(entry))
        entry = zipfile.ZipInfo(_SHEET, made.getinfo(_SHEET).date_time)
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, sheet.tell()
        sheet.seek(0)
        with archive.open(entry, "w") as target:
            shutil.copyfileobj(sheet, target, _BLOCK)
