"""Stored roles at places, and how the API shows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api.db import session
from plugin_api.roles import USER
from plugins.roles.models import Assignment
from plugins.roles.places import Place

Subject = tuple[str, int]
"""Whom a role is given to, by type and id."""


def at(place: Place) -> Sequence[Assignment]:
    """What was given at a place, the oldest first."""
    chosen = sa.and_(Assignment.scope_type == place.kind.type, Assignment.scope_id == place.id)
    return session().scalars(sa.select(Assignment).where(chosen).order_by(Assignment.id)).all()


def given(places: Collection[Place]) -> Mapping[tuple[str, int, str, int], str]:
    """The roles given at places, by place and subject: one query."""
    key = sa.tuple_(Assignment.scope_type, Assignment.scope_id)
    query = sa.select(Assignment).where(key.in_([(place.kind.type, place.id) for place in places]))
    rows = session().scalars(query).all() if places else ()
    return {(row.scope_type, row.scope_id, row.subject_type, row.subject_id): row.role for row in rows}


def keep(workspace_id: int, roles: Sequence[tuple[Place, Subject, str]]) -> list[int]:
    """Store roles in one statement, in the place of those given before; answers their ids in the same order."""
    rows = [
        {
            "workspace_id": workspace_id,
            "application_id": place.application_id,
            "scope_type": place.kind.type,
            "scope_id": place.id,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "user_id": subject_id if subject_type == USER else None,
            "role": role,
        }
        for place, (subject_type, subject_id), role in roles
    ]
    if not rows:
        return []
    keys = ("scope_type", "scope_id", "subject_type", "subject_id")
    adding = insert(Assignment).values(rows)
    keeping = adding.on_conflict_do_update(index_elements=keys, set_={"role": adding.excluded.role})
    returned = session().execute(keeping.returning(*(getattr(Assignment, key) for key in keys), Assignment.id))
    ids = {tuple(row[:4]): row.id for row in returned}
    return [ids[tuple(row[key] for key in keys)] for row in rows]


def take(roles: Collection[tuple[Place, Subject]]) -> None:
    """Take roles away in one statement."""
    key = sa.tuple_(Assignment.scope_type, Assignment.scope_id, Assignment.subject_type, Assignment.subject_id)
    wanted = [(place.kind.type, place.id, *subject) for place, subject in roles]
    if wanted:
        session().execute(sa.delete(Assignment).where(key.in_(wanted)))


class KeptRoles:
    """The service others have roles forgotten by (`plugin_api.roles.RoleAssignments`)."""

    def forget(self, subject_type: str, ids: Sequence[int]) -> None:
        """Groups are gone for good."""
        gone = sa.and_(Assignment.subject_type == subject_type, Assignment.subject_id.in_(ids))
        session().execute(sa.delete(Assignment).where(gone))


def shown(place: Place, subject: Subject, subject_json: Any, role: str, assignment_id: int | None) -> dict[str, Any]:
    """A role at a place as the API shows it."""
    return {
        "id": assignment_id,
        "role": role,
        "subject": subject_json,
        "subject_id": subject[1],
        "scope_id": place.id,
        "subject_type": subject[0],
        "scope_type": place.kind.type,
    }
