"""The names of fields in a formula: which they are, and following a field that is renamed."""

from __future__ import annotations

from plugins.formulas.errors import FormulaError
from plugins.formulas.nodes import FieldNode, LookupNode, Name
from plugins.formulas.parser import parse, quoted, walk


def own_names(text: str) -> list[Name]:
    """The names that stand for fields of the formula's own table, in the order of the text."""
    parts = list(walk(parse(text)))
    found = [part.name for part in parts if isinstance(part, FieldNode)]
    links = [part.link for part in parts if isinstance(part, LookupNode)]
    return sorted(found + links, key=lambda name: name.start)


def renamed(text: str, old: str, new: str) -> str:
    """The formula after a field of its table got another name: all but the name stays as it was written.

    Fields of linked tables (the second text of `lookup`) are not followed. A text that is no formula stays.
    """
    try:
        names = [name for name in own_names(text) if name.value == old]
    except FormulaError:
        return text
    for name in reversed(names):
        text = text[: name.start] + quoted(new, text[name.start]) + text[name.end :]
    return text
