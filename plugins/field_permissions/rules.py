"""Rules of fields, and what follows from them for a table: read once for each version of its shape."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.permissions import NOBODY, ROLES, Access, role_uid
from plugin_api.states import is_enabled
from plugins.database.shape import TableShape
from plugins.field_permissions.models import FieldPermission

PLUGIN = "field_permissions"
EDITOR = "EDITOR"
CHOICES = ("ADMIN", "BUILDER", EDITOR, NOBODY)
_RELATED = "link_row_related_field_id"


@dataclass(frozen=True)
class Rule:
    """Who may write a field: the lowest role, and whether forms take values for it."""

    role: str = EDITOR
    allow_in_forms: bool = True

    def opens_to(self, access: Access) -> bool:
        """Whether somebody with this access may write the field, given that they may write rows."""
        if self.role == NOBODY or access.role is None:
            return False
        role = role_uid(access.role)
        return role in ROLES and ROLES.index(role) >= ROLES.index(self.role)


def find(field_id: int) -> Rule:
    """The rule of a field."""
    row = session().get(FieldPermission, field_id, populate_existing=True)
    return Rule() if row is None else Rule(row.role, row.allow_in_forms)


def keep(field_id: int, rule: Rule) -> None:
    """Store the rule of a field; the usual one is none."""
    session().execute(sa.delete(FieldPermission).where(FieldPermission.field_id == field_id))
    if rule != Rule():
        values = {"field_id": field_id, "role": rule.role, "allow_in_forms": rule.allow_in_forms}
        session().execute(sa.insert(FieldPermission).values(**values))


def copy(field_ids: Mapping[int, int]) -> None:
    """Give copies of fields the rules of the originals: two queries at most."""
    query = sa.select(FieldPermission).where(FieldPermission.field_id.in_(field_ids))
    rows = [
        {"field_id": field_ids[row.field_id], "role": row.role, "allow_in_forms": row.allow_in_forms}
        for row in session().scalars(query)
    ]
    if rows:
        session().execute(sa.insert(FieldPermission), rows)


def _load(field_ids: Sequence[int]) -> Mapping[int, Rule]:
    rule = FieldPermission
    query = sa.select(rule.field_id, rule.role, rule.allow_in_forms)
    wanted = rule.field_id == sa.any_(sa.cast(list(field_ids), sa.ARRAY(sa.BigInteger)))
    return {row.field_id: Rule(row.role, row.allow_in_forms) for row in connection().execute(query.where(wanted))}


def rules_of(shape: TableShape) -> Mapping[int, Rule]:
    """The rules of a table's fields that can be written, and of those that show its links in other tables.

    One query for each version of the shape: a change of a rule makes a new version.
    """

    def load() -> Mapping[int, Rule]:
        own = [found.id for found in shape.fields if not shape.type_of(found).read_only]
        return _load([*own, *_related(shape).values()])

    return shape.compiled(PLUGIN, load)


def _related(shape: TableShape) -> dict[int, int]:
    """The fields that show a table's links from the other side, by link."""
    found = {field.id: field.options.get(_RELATED) for field in shape.fields}
    return {field_id: related for field_id, related in found.items() if related is not None}


class Rules:
    """Implements `plugins.database.guard.FieldGuard`; opens all fields while the plugin is switched off."""

    def closed(self, shape: TableShape, access: Access) -> Collection[int]:
        """The fields whose rule wants a higher role."""
        if not is_enabled(PLUGIN):
            return ()
        rules = rules_of(shape)
        own = rules.keys() & shape.by_id.keys() if rules else ()
        return [field_id for field_id in own if not rules[field_id].opens_to(access)]

    def closed_links(self, shape: TableShape, access: Access) -> Collection[int]:
        """Links have two sides: what closes one of them closes writing through the other."""
        if not is_enabled(PLUGIN):
            return ()
        rules = rules_of(shape)
        related = _related(shape) if rules else {}
        return [link for link, other in related.items() if other in rules and not rules[other].opens_to(access)]

    def closed_in_forms(self, shape: TableShape) -> Collection[int]:
        """The fields whose rule keeps forms out."""
        if not is_enabled(PLUGIN):
            return ()
        return [field_id for field_id, rule in rules_of(shape).items() if not rule.allow_in_forms]
