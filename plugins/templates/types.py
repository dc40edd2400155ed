"""A template: an archive of applications, and a description of it beside the archive."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import marshmallow as ma
import orjson
import structlog

from plugin_api.errors import ApiError
from plugin_api.schemas import List, Schema, Str

log = structlog.get_logger(__name__)

MAX_NAME, MAX_CATEGORY, MAX_ICON, MAXSLUG = 64, 32, 32, 50
NO_CATEGORY = "Other"
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,50}", re.ASCII)
_MAX_KEYWORDS, _MAX_TEXT = 50, 2000


class BadTemplate(ValueError):
    """A template that cannot be offered; the text tells people why."""


class Description(Schema):
    """What the file beside an archive says."""

    name = Str(max_length=MAX_NAME)
    categories = List(Str(max_length=MAX_CATEGORY), min_length=1, max_length=10)
    icon = Str(max_length=MAX_ICON)
    keywords = List(Str(max_length=100), max_length=_MAX_KEYWORDS)
    description = Str(max_length=_MAX_TEXT, allow_blank=True)
    as_of = Str(max_length=10)
    definition = Str(max_length=64)


@dataclass(frozen=True)
class Template:
    """A template.

    slug: its name in addresses and files; the rest of what it is called follows from it.
    archive: the file its applications are in, as `tablewright export-applications` writes it.
    as_of: the day on which the dates in its rows are true; they are moved to the day of the installation. None
        leaves them as they are.
    """

    slug: str
    archive: Path
    name: str
    categories: tuple[str, ...] = (NO_CATEGORY,)
    icon: str = "iconoir-view-grid"
    keywords: tuple[str, ...] = ()
    description: str = ""
    as_of: date | None = None

    @property
    def id(self) -> int:
        """The number clients know it by: the same in every process and on every instance."""
        return number_of(f"template {self.slug}")


def number_of(name: str) -> int:
    """A positive number that fits what clients take, made of a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1 or 1


def templates_in(folder: Path) -> list[Template]:
    """The templates of a folder, by their names: each archive (.zip) with the description (.json) beside it, if any.

    Those that cannot be read are left out, and a warning says why.
    """
    found = []
    for archive in sorted(folder.glob("*.zip")):
        try:
            found.append(template_of(archive))
        except BadTemplate as error:
            log.warning("a template is left out", file=str(archive), reason=str(error))
    return found


def template_of(archive: Path) -> Template:
    """The template of an archive. BadTemplate when its description is wrong."""
    if not SLUG.fullmatch(archive.stem):
        raise BadTemplate("The name of the file has other characters than letters, digits, - and _, or is too long.")
    told = _description(archive.with_suffix(".json"))
    told.pop("definition", None)
    as_of = _day(told.pop("as_of", None))
    lists: dict[str, Any] = {key: tuple(told.pop(key)) for key in ("categories", "keywords") if key in told}
    name = told.pop("name", "") or archive.stem.replace("-", " ").replace("_", " ").capitalize()
    return Template(archive.stem, archive, name, as_of=as_of, **lists, **told)


def _description(file: Path) -> dict[str, Any]:
    try:
        given = orjson.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, orjson.JSONDecodeError) as error:
        raise BadTemplate(f"{file.name} cannot be read: {error}.") from None
    if not isinstance(given, Mapping):
        raise BadTemplate(f"{file.name} is no object.")
    unknown = set(given) - set(Description().fields)
    if unknown:
        raise BadTemplate(f"{file.name} has keys nobody knows: {', '.join(sorted(unknown))[:200]}.")
    try:
        loaded: dict[str, Any] = Description().load(given)
    except (ma.ValidationError, ApiError) as error:
        raise BadTemplate(f"{file.name} is wrong: {_problems(error)}.") from None
    return loaded


def _problems(error: ma.ValidationError | ApiError) -> str:
    return str(error.messages if isinstance(error, ma.ValidationError) else error.detail)[:300]


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadTemplate("as_of must be a day such as 2026-01-05.") from None
