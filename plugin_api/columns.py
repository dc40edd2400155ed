"""Whole columns of an imported file: most of their texts are as they should be, which is found out for all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from re import Pattern
from types import NoneType
from typing import Any

from plugin_api.fields import InvalidValue, Prepared


def texts_of(values: Sequence[Any]) -> Sequence[str] | None:
    """The values, no value as an empty text; None when there is anything else among them than texts."""
    kinds = set(map(type, values))
    if kinds <= {str}:
        return values
    return [value or "" for value in values] if kinds <= {str, NoneType} else None


def each(texts: Sequence[str], clean: Callable[[str], Any]) -> Prepared:
    """What `clean` makes of texts of which many are alike: it is asked once for each of them."""
    known: dict[str, Any] = {}
    refused: dict[str, Any] = {}
    for text in set(texts):
        try:
            known[text] = clean(text)
        except InvalidValue as error:
            known[text], refused[text] = None, error.detail
    prepared = Prepared(list(map(known.__getitem__, texts)))
    if refused:
        prepared.errors.update((n, refused[text]) for n, text in enumerate(texts) if text in refused)
    return prepared


def mostly(texts: Sequence[str], plain: Pattern[str], clean: Callable[[str], Any]) -> Prepared:
    """Texts that match `plain` as they are, and what `clean` makes of the others, asked once for equal ones."""
    prepared, matches = Prepared(list(texts)), list(map(plain.fullmatch, texts))
    if all(matches):
        return prepared
    others = [n for n, found in enumerate(matches) if found is None]
    cleaned = each([texts[n] for n in others], clean)
    for n, value in zip(others, cleaned.values, strict=True):
        prepared.values[n] = value
    prepared.errors = {others[n]: detail for n, detail in cleaned.errors.items()}
    return prepared
