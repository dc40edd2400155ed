"""Rows as XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from plugin_api.charsets import IN_XML, encoded
from plugin_api.exporters import ExporterType, ExportRows

_CHARS = 100_000
_START = "A-Za-z_\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u3001-\\ud7ff"
_NO_NAME = re.compile(rf"[^{_START}0-9.\-\u00b7]+")
_BEGINS = re.compile(rf"[{_START}]")
_NO_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(f"[<>&\r]|{_NO_TEXT.pattern}")


class XmlExporter(ExporterType):
    """`<rows>` of `<row>` elements, in which elements are called as the fields are."""

    type = "xml"
    extension = "xml"

    def chunks(self, rows: ExportRows, options: Mapping[str, Any]) -> Iterator[bytes]:
        """What a character set does not have is referred to, so that nothing but what XML cannot hold is lost."""
        charset = options["export_charset"]
        return (encoded(text, charset, IN_XML) for text in _texts(rows, charset))


def _texts(rows: ExportRows, charset: str) -> Iterator[str]:
    pieces = [f'<?xml version="1.0" encoding="{charset}" ?>\n<rows>\n']
    template, size = _template(named_elements([column.name for column in rows.columns])), 0
    for row in rows.values():
        made = template % tuple(_contents(row))
        pieces.append(made)
        size += len(made)
        if size > _CHARS:
            yield "".join(pieces)
            pieces, size = [], 0
    yield "".join(pieces) + "</rows>\n"


def _template(elements: Sequence[tuple[str, str]]) -> str:
    """A row with a place for what is in each element."""
    places = [f"{opening.replace('%', '%%')}%s{closing}" for opening, closing in elements]
    return f"<row>{''.join(places)}</row>\n"


def _contents(row: Sequence[Any]) -> list[str]:
    """What is in the elements of a row; texts stay as they are if none of them has anything to escape."""
    plain = _is_plain("".join([value for value in row if value.__class__ is str]))
    return [value if plain and value.__class__ is str else _content(value) for value in row]


def _is_plain(text: str) -> bool:
    """Whether a text surely needs no escaping; quicker to find out than what exactly would need it."""
    return text.isprintable() and not ("&" in text or "<" in text or ">" in text)


def named_elements(names: Sequence[str]) -> list[tuple[str, str]]:
    """The opening and the closing tag for each name; a name that no element can have is told by an attribute."""
    taken: set[str] = set()
    found = []
    for name in names:
        tag = element_name(name)
        while tag in taken:
            tag += "_"
        taken.add(tag)
        opening = f"<{tag}>" if tag == name else f"<{tag} name={quoteattr(_NO_TEXT.sub('', name))}>"
        found.append((opening, f"</{tag}>"))
    return found


def element_name(name: str) -> str:
    """The name of an element that is closest to a field's."""
    tag = _NO_NAME.sub("-", name).strip("-") or "field"
    return tag if _BEGINS.match(tag) else f"_{tag}"


def _element(opening: str, closing: str, value: Any) -> str:
    return f"{opening}{_content(value)}{closing}"


def _content(value: Any) -> str:
    if isinstance(value, str):
        if _is_plain(value) or not _SPECIAL.search(value):
            return value
        return escape(_NO_TEXT.sub("", value), {"\r": "&#13;"})
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "".join([f"<item>{_content(item)}</item>" for item in value])
    if isinstance(value, dict):
        pairs = zip(named_elements(list(value)), value.values(), strict=True)
        return "".join([_element(*element, item) for element, item in pairs])
    return "" if value is None else str(value)
