"""The types of formulas: what their values are, and what a field's JSON says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from plugin_api.fields import SelectOption
from plugin_api.kinds import Kind

MAX_PLACES = 10


@dataclass(frozen=True)
class Type:
    """A formula's type. Settings that do not belong to it are None (those of number formats: empty)."""

    name: str
    nullable: bool = False
    number_decimal_places: int | None = None
    number_prefix: str = ""
    number_suffix: str = ""
    number_separator: str = ""
    date_format: str | None = None
    date_include_time: bool | None = None
    date_time_format: str | None = None
    date_show_tzinfo: bool | None = None
    date_force_timezone: str | None = None
    duration_format: str | None = None
    error: str | None = None
    select_options: tuple[SelectOption, ...] = ()
    of: Type | None = None

    @property
    def title(self) -> str:
        """The type in messages."""
        return "a list" if self.of else _TITLES[self.name]

    @property
    def date_options(self) -> dict[str, Any]:
        """The settings dates are shown with."""
        return {setting: getattr(self, setting) for setting in _DATE_SETTINGS}

    @property
    def places(self) -> int:
        """The decimal places of a number."""
        return self.number_decimal_places or 0

    @property
    def timed(self) -> bool:
        """Whether a date has a time."""
        return bool(self.date_include_time)

    def json(self) -> dict[str, Any]:
        """The keys of a field's JSON."""
        shown = self.of or self
        return {
            "formula_type": self.name,
            "array_formula_type": self.of.name if self.of else None,
            "error": self.error,
            "nullable": self.nullable,
            **{setting: getattr(shown, setting) for setting in _SETTINGS},
        }

    def stored(self) -> dict[str, Any]:
        """The type as JSON; `from_stored` makes it again."""
        kept = {key: value for key, value in asdict(self).items() if value not in (None, "", ())}
        if self.select_options:
            kept["select_options"] = [list(asdict(option).values()) for option in self.select_options]
        return kept if self.of is None else {**kept, "of": self.of.stored()}


def from_stored(stored: Mapping[str, Any]) -> Type:
    """The type that `Type.stored` answered."""
    known = {found.name for found in fields(Type)}
    values = {key: value for key, value in stored.items() if key in known}
    if "of" in values:
        values["of"] = from_stored(values["of"])
    values["select_options"] = tuple(SelectOption(*option) for option in values.get("select_options", ()))
    return Type(**values)


def text(nullable: bool = False) -> Type:
    """Texts."""
    return Type("text", nullable)


def number(places: int = 0, nullable: bool = False) -> Type:
    """Numbers with so many decimal places."""
    return Type("number", nullable, number_decimal_places=max(0, min(places, MAX_PLACES)))


def boolean(nullable: bool = False) -> Type:
    """Yes or no."""
    return Type("boolean", nullable)


def date(timed: bool, nullable: bool = True, zone: str | None = None) -> Type:
    """Days, or moments, shown in ISO form."""
    return Type(
        "date",
        nullable,
        date_format="ISO",
        date_include_time=timed,
        date_time_format="24",
        date_show_tzinfo=False,
        date_force_timezone=zone,
    )


def duration(form: str = "h:mm", nullable: bool = True) -> Type:
    """Lengths of time."""
    return Type("duration", nullable, duration_format=form)


def array(of: Type) -> Type:
    """Lists, mostly values of linked rows."""
    return Type("array", of.nullable, of=of)


def invalid(error: str) -> Type:
    """A formula that cannot be computed, and why."""
    return Type("invalid", error=error)


def with_settings(found: Type, settings: Mapping[str, Any]) -> Type:
    """The type shown as a formula field's own settings (those that are given and belong to the type) say."""
    shown = found.of or found
    wanted = {
        key: settings[key]
        for key in _SETTINGS
        if settings.get(key) is not None and (key.startswith(_PREFIX.get(shown.name, "-")))
    }
    changed = replace(shown, **{key: value for key, value in wanted.items() if key != "date_include_time"})
    return replace(found, of=changed) if found.of else changed


def not_less_precise(found: Type, before: Type) -> Type:
    """The type, with the decimal places it had: values do not lose any because a field of another table does."""
    if found.of and before.of:
        return replace(found, of=not_less_precise(found.of, before.of))
    if (found.name, before.name) != ("number", "number"):
        return found
    return replace(found, number_decimal_places=max(found.places, before.places))


def column_type(found: Type) -> sa.types.TypeEngine[Any]:
    """The PostgreSQL type values are stored as."""
    if found.name == "date":
        return sa.DateTime(timezone=True) if found.timed else sa.Date()
    column: sa.types.TypeEngine[Any] = _COLUMNS.get(found.name, sa.Text)()
    return column


def kind(found: Type) -> Kind:
    """What the values are to filters and aggregations."""
    if found.name == "date":
        return Kind.DATETIME if found.timed else Kind.DATE
    return _KINDS.get(found.name, Kind.OTHER)


_DATE_SETTINGS = (
    "date_format",
    "date_include_time",
    "date_time_format",
    "date_show_tzinfo",
    "date_force_timezone",
)
_SETTINGS = (
    "number_decimal_places",
    "number_prefix",
    "number_suffix",
    "number_separator",
    *_DATE_SETTINGS,
    "duration_format",
)
_PREFIX = {"number": "number_", "date": "date_", "duration": "duration_"}
_TITLES = {
    "text": "a text",
    "url": "a URL",
    "number": "a number",
    "boolean": "a boolean",
    "date": "a date",
    "duration": "a duration",
    "single_select": "a single select",
    "multiple_select": "a multiple select",
    "link": "a link",
    "button": "a button",
    "single_file": "a file",
    "multiple_collaborators": "collaborators",
    "array": "a list",
    "invalid": "a broken formula",
}
_COLUMNS: dict[str, Any] = {
    "number": sa.Numeric,
    "boolean": sa.Boolean,
    "duration": sa.Interval,
    "single_select": sa.BigInteger,
    "multiple_select": lambda: ARRAY(sa.BigInteger()),
    **dict.fromkeys(("link", "button", "single_file", "multiple_collaborators", "array"), JSONB),
}
_KINDS = {
    "text": Kind.TEXT,
    "url": Kind.TEXT,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "duration": Kind.DURATION,
    "single_select": Kind.SINGLE_SELECT,
    "multiple_select": Kind.MULTIPLE_SELECT,
    "multiple_collaborators": Kind.COLLABORATORS,
    "single_file": Kind.FILE,
    "array": Kind.ARRAY,
}
