"""What clients send and get for data syncs."""

from __future__ import annotations

from datetime import time
from typing import Any

import marshmallow.fields as mf

from plugin_api.platform import registry
from plugin_api.schemas import Bool, Choice, Int, List, Nested, Schema, Str, invalid
from plugins.data_sync.kinds import DataSyncType
from plugins.data_sync.models import INTERVALS
from plugins.data_sync.store import type_names
from plugins.database.fields.schemas import load_parts
from plugins.database.tables.schemas import JobAnswer, TableAnswer

_KEYS = {"description": "Keys of the properties to sync. What tells the rows apart is always synced."}
_ADD = {"description": "Whether properties that are new in the source are synced from the next sync on."}


class _OfType(Schema):
    type = Choice(type_names, required=True, metadata={"description": "Where the rows come from."})


class PropertiesBody(_OfType):
    """Where the rows are to come from: the type and its settings."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The type first, since it decides which settings there are."""
        name = _OfType().load(data)["type"]
        return {"type": name, "settings": _kind(name).settings_schema().load(data)}


class _Create(_OfType):
    synced_properties = List(Str(max_length=255), required=True, metadata=_KEYS)
    table_name = Str(required=True, max_length=255, metadata={"description": "The name of the table to make."})
    auto_add_new_properties = Bool(load_default=False, metadata=_ADD)
    two_way_sync = Bool(load_default=False, metadata={"description": "Refused: no type can write to its source."})


class CreateBody(_Create):
    """A synced table to make: besides these keys, the settings of its type."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The type first, since it decides which settings there are."""
        schema = _kind(_OfType().load(data)["type"]).settings_schema()
        loaded = load_parts(data, _Create(), schema)
        return {**loaded, "settings": {name: loaded[name] for name in schema.fields if name in loaded}}


class UpdateBody(Schema):
    """What to change of a data sync: besides these keys, the settings of its type."""

    synced_properties = List(Str(max_length=255), metadata=_KEYS)
    auto_add_new_properties = Bool(metadata=_ADD)
    two_way_sync = Bool(metadata={"description": "Refused: no type can write to its source."})

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The common keys; `raw` is the whole body, for the type."""
        return {**super().load(data, **kwargs), "raw": data}


def _kind(name: str) -> DataSyncType:
    found: DataSyncType = registry("data_sync_types")[name]
    return found


class SyncedPropertyAnswer(Schema):
    """A field that is synced."""

    field_id = Int()
    key = Str(metadata={"description": "The property of the source that the field follows."})
    unique_primary = Bool(metadata={"description": "Whether it tells the rows apart."})


class DataSyncAnswer(Schema):
    """Where a table's rows come from. Read alone, it has the settings of its type as well, but for secrets."""

    id = Int()
    type = Str()
    synced_properties = List(Nested(SyncedPropertyAnswer))
    last_sync = Str(allow_none=True, metadata={"description": "When the rows were synced last."})
    last_error = Str(allow_none=True, metadata={"description": "Why the last periodic sync failed, if it did."})
    auto_add_new_properties = Bool()
    two_way_sync = Bool()


class SyncedTableAnswer(TableAnswer):
    """A synced table."""

    data_sync = Nested(DataSyncAnswer)  # type: ignore[assignment]


class PropertyAnswer(Schema):
    """Something that can be synced."""

    key = Str()
    name = Str()
    field_type = Str(metadata={"description": "The type of the field it becomes."})
    unique_primary = Bool(metadata={"description": "Whether it tells the rows apart; it is always synced."})
    initially_selected = Bool(metadata={"description": "Whether to propose it."})


class SyncJobAnswer(JobAnswer):
    """A job that syncs a table."""

    data_sync = Nested(DataSyncAnswer)


class _Time(mf.Field[Any]):
    """A time of a day, as HH:MM:SS."""

    default_error_messages = {"required": Str().error_messages["required"], "null": Str().error_messages["null"]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            found = time.fromisoformat(value)
        except (TypeError, ValueError):
            raise invalid("invalid", "Enter a time such as 12:30:00.") from None
        if found.tzinfo is not None or len(value) < len("12:30"):
            raise invalid("invalid", "Enter a time such as 12:30:00, in UTC.")
        return found.isoformat()


class IntervalBody(Schema):
    """When to sync."""

    interval = Choice(INTERVALS, metadata={"description": "MANUAL: not by itself."})
    when = _Time(
        required=True,
        metadata={"description": "The time of the day, in UTC; hourly syncs take its minutes and seconds."},
    )


class IntervalAnswer(Schema):
    """When a table is synced by itself."""

    interval = Choice(INTERVALS)
    when = Str()
    automatically_deactivated = Bool(
        metadata={"description": "Whether it was stopped because it failed again and again."}
    )
