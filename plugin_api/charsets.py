"""Character sets files can be written in, and writing them without ever failing."""

from __future__ import annotations

import codecs
import json
from types import MappingProxyType

CHARSETS = MappingProxyType(
    {
        "utf-8": "utf-8",
        "iso-8859-6": "iso8859-6",
        "windows-1256": "cp1256",
        "iso-8859-4": "iso8859-4",
        "windows-1257": "cp1257",
        "iso-8859-14": "iso8859-14",
        "iso-8859-2": "iso8859-2",
        "windows-1250": "cp1250",
        "gbk": "gbk",
        "gb18030": "gb18030",
        "big5": "big5",
        "koi8-r": "koi8-r",
        "koi8-u": "koi8-u",
        "iso-8859-5": "iso8859-5",
        "windows-1251": "cp1251",
        "x-mac-cyrillic": "mac-cyrillic",
        "iso-8859-7": "iso8859-7",
        "windows-1253": "cp1253",
        "iso-8859-8": "iso8859-8",
        "windows-1255": "cp1255",
        "euc-jp": "euc-jp",
        "iso-2022-jp": "iso2022-jp",
        "shift-jis": "shift-jis",
        "euc-kr": "euc-kr",
        "macintosh": "mac-roman",
        "iso-8859-10": "iso8859-10",
        "iso-8859-16": "iso8859-16",
        "windows-874": "cp874",
        "windows-1254": "cp1254",
        "windows-1258": "cp1258",
        "iso-8859-1": "iso8859-1",
        "windows-1252": "cp1252",
        "iso-8859-3": "iso8859-3",
    }
)
"""The names clients give, and Python's codec of each."""

IN_JSON = "tablewright-json"
"""Error handler: characters the set does not have as escapes of JSON texts."""

IN_XML = "xmlcharrefreplace"
"""Error handler: characters the set does not have as references of XML."""


def encoded(text: str, charset: str, missing: str = "replace") -> bytes:
    """The text in a character set of CHARSETS. `missing`: an error handler for characters the set does not have."""
    return text.encode(CHARSETS[charset], missing)


def _as_json(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(IN_JSON, _as_json)
