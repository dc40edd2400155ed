"""Rows as a workbook of Excel, written row by row."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from plugin_api.exporters import ExporterType, ExportOptions, ExportRows
from plugin_api.jobs import JobFailed
from plugin_api.schemas import Bool

_MAX_ROWS, _MAX_COLUMNS, _MAX_CHARS = 1_048_576, 16_384, 32_767
_SPECIAL = ("=", "#")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BLOCK = 1024 * 1024


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
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Export")
        columns = [column.name for column in rows.columns]
        if len(columns) > _MAX_COLUMNS:
            raise JobFailed(f"A sheet of Excel has at most {_MAX_COLUMNS} columns. Choose fewer fields.")
        try:
            _write(sheet, [columns] if options["excel_include_header"] else [], rows)
        finally:
            sheet.close()
        with tempfile.TemporaryFile() as file:
            book.save(file)
            yield from _blocks(file)


def _write(sheet: Any, header: Sequence[Sequence[str]], rows: ExportRows) -> None:
    written = 0
    for names in header:
        sheet.append([_cell(sheet, name) for name in names])
        written += 1
    for row in rows.texts():
        if written == _MAX_ROWS:
            raise JobFailed(f"A sheet of Excel has at most {_MAX_ROWS} rows. Filter the rows or export them as CSV.")
        sheet.append([row[0], *[_cell(sheet, text) for text in row[1:]]])
        written += 1


def _cell(sheet: Any, text: str) -> Any:
    """A text for a cell; where the library would take it for something else, such as a formula, a cell with it."""
    shown = _NO_TEXT.sub("", text)[:_MAX_CHARS]
    if not shown.startswith(_SPECIAL):
        return shown
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    return cell


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block
