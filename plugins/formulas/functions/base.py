"""What a function of the language is, and how its arguments are checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import sqlalchemy as sa

from plugins.formulas.errors import FormulaError
from plugins.formulas.representation import as_text, filled, from_json, helper
from plugins.formulas.types import Type, text
from plugins.formulas.values import Build, Column, ListSource, Many, Rows, Value, over, value

Types = frozenset[str]
Make = Callable[[Sequence[Value]], Value]

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_lists = count()


@dataclass(frozen=True)
class Param:
    """What an argument may be. `title` names it in messages.

    fill: nothing is taken as an empty text, 0 or false. listed: a list, taken as a whole.
    """

    title: str
    types: Types | None
    fill: bool = True
    listed: bool = False


TEXT = Param("a text", frozenset({"text", "url", "single_select"}))
NUMBER = Param("a number", frozenset({"number"}))
BOOLEAN = Param("a boolean", frozenset({"boolean"}))
DATE = Param("a date", frozenset({"date"}), fill=False)
DURATION = Param("a duration", frozenset({"duration"}), fill=False)
ANY = Param("any value", None, fill=False)
LIST = Param("a list, from lookup() or a link field", None, fill=False, listed=True)
NUMBERS = Param("a list of numbers, from lookup() or field()", NUMBER.types, fill=False, listed=True)
BOOLEANS = Param("a list of booleans, from lookup() or field()", BOOLEAN.types, listed=True)
TEXTS = Param("a list of texts, from lookup() or field()", TEXT.types, listed=True)


@dataclass(frozen=True)
class Function:
    """A function: its name, its arguments, and what it makes of them.

    Functions whose parameters are not lists are applied to lists item by item. `rest` stands for any number of
    further arguments; the last `optional` parameters may be left out.
    """

    name: str
    params: tuple[Param, ...]
    make: Make
    rest: Param | None = None
    optional: int = 0
    volatile: bool = False

    @property
    def usage(self) -> str:
        """How it is called, for messages."""
        shown = ", ".join(param.title for param in self.params)
        return f"{self.name}({shown}{', ...' if self.rest else ''})"

    def call(self, args: Sequence[Value]) -> Value:
        """The value of a call; FormulaError for wrong arguments."""
        params = self._params(len(args))
        checked = [self._checked(n, param, arg) for n, (param, arg) in enumerate(zip(params, args, strict=True))]
        mapped = [arg for param, arg in zip(params, checked, strict=True) if not param.listed]
        many = over(mapped)
        if many is None:
            return self.make(checked)
        if any(param.listed for param in params):
            raise FormulaError(f"{self.name} takes only one list: {self.usage}.")
        return replace(self.make([arg.element() for arg in checked]), over=many)

    def _params(self, given: int) -> list[Param]:
        least = len(self.params) - self.optional
        if given < least or (given > len(self.params) and self.rest is None):
            wanted = f"at least {least}" if self.rest or self.optional else str(least)
            raise FormulaError(f"{self.name} takes {wanted} arguments but got {given}: {self.usage}.")
        rest = [self.rest] * (given - len(self.params)) if self.rest else []
        return [*self.params[:given], *rest]

    def _checked(self, n: int, param: Param, arg: Value) -> Value:
        found = as_list(arg) if param.listed else arg
        if param.types is not None and found.type.name not in param.types or (param.listed and not found.over):
            raise FormulaError(self._wrong(n, param, arg))
        if param.types is TEXT.types:
            found = as_plain_text(found)
        return filled(found) if param.fill else found

    def _wrong(self, n: int, param: Param, arg: Value) -> str:
        place = _ORDINALS[n] if n < len(_ORDINALS) else f"{n + 1}th"
        found = f"a list of values, each {arg.type.title}" if arg.over else arg.type.title
        hint = " Use totext() to make it a text." if param.types is TEXT.types else ""
        if param.types == NUMBER.types and arg.type.name == "text":
            hint = " Use tonumber() to read a number from a text."
        return f"The {place} argument of {self.name} must be {param.title}, not {found}: {self.usage}.{hint}"


def plain(result: Type | Callable[..., Type], sql: Callable[..., Column], null: bool | None = None) -> Make:
    """A value whose type is given, or follows from the types of the arguments, and whose SQL from their SQL."""

    def make(args: Sequence[Value]) -> Value:
        found = result if isinstance(result, Type) else result(*[arg.type for arg in args])
        return value(found, lambda rows: sql(*[arg.build(rows) for arg in args]), null)

    return make


def converted(arg: Value, found: Type, sql: Callable[[Column], Column], null: bool | None = None) -> Value:
    """The argument as another type."""
    built: Build = lambda rows: sql(arg.build(rows))  # noqa: E731
    return replace(arg, type=found, build=built, null=arg.null if null is None else null)


def as_plain_text(arg: Value) -> Value:
    """The value as a text, as people read it."""
    if arg.type.name in ("text", "url"):
        return replace(arg, type=text(arg.type.nullable))
    return converted(arg, text(arg.type.nullable), lambda sql: as_text(arg.type, sql))


def shown_text(arg: Value) -> Value:
    """The value as a text that is never NULL; a list's items are joined by commas."""
    if arg.over:
        from plugins.formulas.functions.lists import joined_texts

        return joined_texts(arg, ", ")
    return filled(replace(as_plain_text(arg), type=text(), null=True))


def as_list(arg: Value) -> Value:
    """A list of the options or people a value holds; lists stay as they are."""
    if arg.over or arg.type.name not in ("multiple_select", "multiple_collaborators"):
        return arg
    if arg.type.name == "multiple_select":
        return _listed(arg, Type("single_select"), lambda item: sa.cast(sa.cast(item, sa.Text), sa.BigInteger))
    return _listed(arg, text(), lambda item: item.op("->>")(sa.literal_column("'name'")))


def _listed(arg: Value, of: Type, sql: Callable[[Column], Column]) -> Value:
    return list_of(of, lambda rows: sa.func.to_jsonb(arg.build(rows)), sql=sql)


def list_of(of: Type, json: Build, name: Any = None, sql: Callable[[Column], Column] | None = None) -> Value:
    """A list out of JSON: objects with `id` and `value`, or what `sql` reads an item's value from."""
    source = ListSource(("made", next(_lists)) if name is None else name, lambda rows: helper.items(json(rows)))
    return value_of_item(of, source, sql)


def value_of_item(of: Type, source: ListSource, sql: Callable[[Column], Column] | None = None) -> Value:
    """The values of a JSON list's items."""

    def build(rows: Rows) -> Column:
        item = rows.of(source).row.c.value
        return sql(item) if sql else from_json(of, item.op("->")(sa.literal_column("'value'")))

    parents = (source.parent,) if source.parent else ()
    return Value(of, build, Many((*parents, source)), null=True)
