"""The exporter `csv`: lines of values with a separator between them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.charsets import encoded
from plugin_api.exporters import ExporterType, ExportOptions, ExportRows
from plugin_api.schemas import Bool, Choice

plugin = Plugin(name="csv_export", version="1.0", title="CSV export", api=(1, 0), requires=("exporter",))

_SEPARATORS = {",": ",", ";": ";", "|": "|", "tab": "\t", "record_separator": "\x1e", "unit_separator": "\x1f"}
_BOM = b"\xef\xbb\xbf"
_UTF_8 = "utf-8"


class CsvOptions(ExportOptions):
    """What clients choose of a CSV file."""

    csv_column_separator = Choice(
        list(_SEPARATORS), load_default=",", metadata={"description": "Of CSV: what stands between values."}
    )
    csv_include_header = Bool(
        load_default=True, metadata={"description": "Of CSV: whether the first line has the names of the fields."}
    )


class CsvExporter(ExporterType):
    """CSV, in UTF-8 with a byte order mark, by which other programs know it."""

    type = "csv"
    extension = "csv"
    options_schema = CsvOptions

    def chunks(self, rows: ExportRows, options: Mapping[str, Any]) -> Iterator[bytes]:
        """PostgreSQL makes the lines; of other character sets than UTF-8 they are written anew."""
        separator, charset = _SEPARATORS[options["csv_column_separator"]], options["export_charset"]
        header = [_line([column.name for column in rows.columns], separator)] if options["csv_include_header"] else []
        lines = chain(header, rows.csv(separator))
        if charset == _UTF_8:
            return chain([_BOM], lines)
        return (encoded(chunk.decode(), charset) for chunk in lines)


def _line(values: list[str], separator: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerow(values)
    return text.getvalue().encode()


@hookimpl
def register_exporter_types() -> list[ExporterType]:
    """Provide `csv`."""
    return [CsvExporter()]
