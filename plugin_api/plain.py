"""A base for field types that keep a text of a certain form, such as addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import Pattern
from typing import Any, ClassVar

import sqlalchemy as sa

from plugin_api.columns import mostly, texts_of
from plugin_api.errors import problem
from plugin_api.fields import Batch, Column, ConvertsMixin, Field, FieldType, InvalidValue, Prepared, Row
from plugin_api.kinds import Kind
from plugin_api.sql import text_sort


class FormattedTextField(FieldType, ConvertsMixin):
    """Texts that match `pattern`; no value is an empty text. `word` names such a text in messages.

    The pattern is used by PostgreSQL too: it must mean the same there.
    """

    kind = Kind.TEXT
    pattern: ClassVar[Pattern[str]]
    word: ClassVar[str]
    max_length: ClassVar[int | None] = None

    def column(self, field: Field) -> Column:
        """A text that is never NULL."""
        return Column(sa.Text(), default="''", nullable=False)

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """The trimmed text; None becomes empty, numbers are taken as their text."""
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InvalidValue("invalid", f"Not a valid {self.word}.")
        text = str(value).strip()
        problems = self._problems(text)
        if problems:
            raise InvalidValue("invalid", problems[0]["error"], problems)
        return text

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Most texts are as they should be; only the others need a closer look."""
        texts = texts_of(values)
        if texts is None:
            return super().prepare(field, values, batch)
        trimmed = list(map(str.strip, texts))
        if self.max_length is not None and max(map(len, trimmed), default=0) > self.max_length:
            return super().prepare(field, texts, batch)
        return mostly(trimmed, self.pattern, lambda text: self.clean(field, text, batch))

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """The same: empty texts are no value here."""
        return self.prepare(field, values, batch)

    def _problems(self, text: str) -> list[dict[str, str]]:
        problems = []
        if text and not self.pattern.fullmatch(text):
            problems.append(problem("invalid", f"Enter a valid {self.word}."))
        if self.max_length is not None and len(text) > self.max_length:
            problems.append(problem("max_length", f"Ensure this has no more than {self.max_length} characters."))
        return problems

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """As people sort texts."""
        return text_sort(self.value(field, row))

    def default(self, field: Field) -> Any:
        """Empty."""
        return ""

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Texts that are as they should be; others become empty."""
        trimmed = sa.func.btrim(text, " \t\n\r\f\v")
        pattern = "^(?:" + self.pattern.pattern.replace(r"\x00", "") + ")$"  # no text in PostgreSQL has that sign
        good = trimmed.regexp_match(pattern, flags="i" if self.pattern.flags & re.IGNORECASE else None)
        if self.max_length is not None:
            good = sa.and_(good, sa.func.length(trimmed) <= self.max_length)
        return sa.case((good, trimmed), else_=sa.literal(""))
