"""The fields of synced tables: made, removed and changed as the properties of the source are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from plugin_api import context, trash
from plugin_api.db import session
from plugin_api.fields import Field, SelectOption, SelectOptionsMixin
from plugins.data_sync import store
from plugins.data_sync.kinds import Property
from plugins.data_sync.models import DataSync, SyncedProperty
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields import changes, service
from plugins.database.fields import store as field_store
from plugins.database.fields.jobs import free_name
from plugins.database.fields.locks import change_shape
from plugins.database.fields.options import set_options
from plugins.database.fields.preparing import Change
from plugins.database.fields.settle import settle
from plugins.database.fields.store import NewField
from plugins.database.fields.trash import any_field, remove_field
from plugins.database.shape import field_type

_MAX_NAME = 255


def first_fields(properties: Sequence[Property]) -> list[NewField]:
    """The fields of a new table; the first one is primary."""
    new: list[NewField] = []
    for found in properties:
        taken = {field.name for field in new}
        new.append(
            NewField(
                _free(found.name, taken),
                found.type,
                _options(found),
                found.select_options,
                primary=not new,
                read_only=True,
                immutable_type=True,
                immutable_properties=found.immutable_options,
            )
        )
    return new


def _free(name: str, taken: set[str]) -> str:
    wanted = name.strip()[:_MAX_NAME] or "Field"
    used = taken | service.RESERVED_NAMES
    return wanted if wanted not in used else free_name(wanted, used)


def _options(found: Property) -> dict[str, Any]:
    kind = field_type(found.type)
    options = kind.check_options(dict(kind.options_schema().load(dict(found.options))), None)
    return service.stored_options(kind, options)


def follow(sync: DataSync, where: TableContext, wanted: Sequence[Property]) -> None:
    """Make the synced fields those of the wanted properties: others are removed for good, missing ones are made."""
    synced = {one.key: one for one in store.synced_properties([sync.id])[sync.id]}
    keys = {found.key for found in wanted}
    gone = [one for key, one in synced.items() if key not in keys]
    new = [found for found in wanted if found.key not in synced]
    if gone or new:
        service.lock_shape(where)
    for found in new:
        add(sync, where, found)
    for one in gone:
        remove(where, one)


def add(sync: DataSync, where: TableContext, found: Property) -> None:
    """Make the field of a property, empty in all rows. The table's shape must be locked."""
    _forget_trashed(sync, where, found.key)
    name = _free(found.name, set(service.taken_names(where.id)))
    options = [{**option, "id": None} for option in found.select_options]
    row, made = service.add_field(where, {"name": name, "type": found.type, **found.options, "select_options": options})
    row.read_only, row.immutable_type, row.immutable_properties = True, True, found.immutable_options
    values = {"data_sync_id": sync.id, "field_id": made.id, "key": found.key, "unique_primary": found.unique}
    session().add(SyncedProperty(**values))
    session().flush()
    settle(where, [made.id], {made.id: None})
    service.announce_effect("field_created", made.id)


def _forget_trashed(sync: DataSync, where: TableContext, key: str) -> None:
    """Remove what is left of a property that was synced once: its field is in the trash."""
    chosen = sa.select(SyncedProperty).where(SyncedProperty.data_sync_id == sync.id, SyncedProperty.key == key)
    old = session().scalar(chosen)
    if old is not None:
        _remove_field(where, old.field_id)
        session().delete(old)
        session().flush()


def remove(where: TableContext, synced: SyncedProperty) -> None:
    """Remove the field of a property for good, with its values. The table's shape must be locked."""
    row, _ = service.existing(synced.field_id)
    service.announce_effect("field_deleted", row.id)
    if row.primary:
        _pass_primary_on(where, row)
    row.trashed_on = sa.func.now()
    session().flush()
    settle(where, [row.id], {})
    _remove_field(where, row.id)
    session().delete(synced)
    session().flush()


def _remove_field(where: TableContext, field_id: int) -> None:
    found = any_field(field_id)
    if found is not None:
        change_shape(lambda: remove_field(where.workspace_id, *found))


def _pass_primary_on(where: TableContext, row: models.Field) -> None:
    """Make the field that tells the rows apart the primary one."""
    synced = SyncedProperty
    unique = sa.select(synced.field_id).where(synced.unique_primary)
    chosen = sa.select(models.Field).where(models.Field.table_id == where.id, models.Field.id.in_(unique))
    first = session().scalars(chosen.order_by(models.Field.order, models.Field.id).limit(1)).one()
    row.primary = False
    session().flush()
    first.primary = True
    session().flush()
    settle(where, [row.id, first.id], {})


def put_into_trash(where: TableContext, synced: SyncedProperty) -> None:
    """Trash a field whose property the source no longer has: who still needs the values can bring them back."""
    row, _ = service.existing(synced.field_id)
    if row.primary:
        _pass_primary_on(where, row)
    service.announce_effect("field_deleted", row.id)
    row.trashed_on = sa.func.now()
    session().flush()
    settle(where, [row.id], {})
    trash.put(service.trashed_field(where, row.id, row.name))


def differs(row: models.Field, select_options: Sequence[SelectOption], found: Property) -> bool:
    """Whether a field is not what its property is now."""
    if row.type != found.type:
        return True
    wanted = [(option["value"], option["color"]) for option in found.select_options]
    if isinstance(field_type(row.type), SelectOptionsMixin) and wanted != [
        (option.value, option.color) for option in select_options
    ]:
        return True
    return found.immutable_options and dict(row.options) != _options(found)


def adapt(where: TableContext, synced: SyncedProperty, found: Property) -> None:
    """Give a field the type and options its property has now; values follow with the next rows."""
    row, select_options = service.existing(synced.field_id)
    previous = field_store.shape(row, select_options)
    before = changes.state_of(row, previous)
    options = _options(found)
    field = replace(previous, type=found.type, options=options)
    if isinstance(field_type(found.type), SelectOptionsMixin):
        field = _with_select_options(field, previous, found)
    change = Change(previous, field, {**options, "select_options": found.select_options}, {})
    changes.apply(where, row, change)
    with context.changed(client_session_id=None):  # nobody undoes what the source decides
        changes.finish(where, row, change, row.name, {"before": before, "backup": None})


def _with_select_options(field: Field, previous: Field, found: Property) -> Field:
    ids = {option.value: option.id for option in reversed(previous.select_options)}
    wanted: list[Mapping[str, Any]] = [
        {**option, "id": ids.pop(option["value"], None)} for option in found.select_options
    ]
    kept, _ = set_options(field.id, previous.select_options, wanted)
    return replace(field, select_options=kept)
