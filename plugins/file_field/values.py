"""Checking what clients give as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin_api.fields import InvalidValue, plain_text
from plugins.user_files.files import facts
from plugins.user_files.models import UserFile
from plugins.user_files.names import NAME


@dataclass(frozen=True)
class Wanted:
    """A file a client names, and what it is called in this row; None: as it was when it was uploaded."""

    name: str
    visible_name: str | None = None

    def stored(self, file: UserFile) -> dict[str, Any]:
        """What the row keeps."""
        return {**facts(file), "visible_name": self.visible_name or file.original_name}


def wanted_files(value: Any) -> list[Wanted]:
    """The files named by objects, by a list of names, or by names in one text. InvalidValue when they are not."""
    if value is None:
        return []
    if isinstance(value, str):
        value = [name.strip() for name in value.split(",") if name.strip()]
    if not isinstance(value, list):
        raise InvalidValue("not_a_list", "Expected a list of files.")
    if not all(isinstance(item, str | dict) for item in value):
        raise InvalidValue("invalid", "Give each file as an object with its name.")
    if len({type(item) for item in value}) > 1:
        raise InvalidValue("not_same_type", "Give either objects or names, not both.")
    return [_by_object(item) if isinstance(item, dict) else Wanted(_name(item)) for item in value]


def archived_files(value: Any) -> list[Wanted]:
    """The files an archive names; what is no name of a file is left out."""
    given = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    named = [(one.get("name"), one.get("visible_name")) for one in given]
    return [
        Wanted(name, shown.strip() if isinstance(shown, str) and shown.strip() else None)
        for name, shown in named
        if isinstance(name, str) and NAME.fullmatch(name)
    ]


def _by_object(item: Mapping[str, Any]) -> Wanted:
    if "name" not in item:
        raise InvalidValue("required", "Each file needs its name.")
    name = _name(item["name"])
    if "visible_name" not in item:
        return Wanted(name)
    visible_name = plain_text(item["visible_name"])
    if visible_name is None:
        raise InvalidValue("null", "A visible name may not be null.")
    if not visible_name:
        raise InvalidValue("blank", "A visible name may not be blank.")
    return Wanted(name, visible_name)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise InvalidValue("invalid", "Not the name of an uploaded file.")
    return value


def no_file(name: str) -> InvalidValue:
    """The name has the form of a file's, but there is none."""
    return InvalidValue("invalid", f"There is no file {name}. Upload it first.")
