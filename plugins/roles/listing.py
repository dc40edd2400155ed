"""Listing the roles at a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plugin_api.errors import query_invalid
from plugin_api.permissions import Permissions, require
from plugin_api.platform import service
from plugin_api.roles import RoleKinds
from plugins.roles import places, store
from plugins.roles.places import Place
from plugins.roles.store import Subject

Given = tuple[Subject, str, int | None]


def list_roles(workspace_id: int, scope_type: str | None, scope_id: int | None) -> list[dict[str, Any]]:
    """Who has which role at a place: a constant number of queries."""
    if scope_type is None:
        raise _missing("scope_type")
    if scope_id is None:
        raise _missing("scope_id")
    access = service(Permissions).workspace_access(workspace_id)
    places.member_access(access, "ERROR_USER_NOT_IN_GROUP", 400)
    place = places.find(access, [(scope_type, scope_id)])[(scope_type, scope_id)]
    require(place.kind.read_operation or "", place.access)
    return _shown(workspace_id, place, list(_of_workspace(workspace_id) if place.is_workspace else _of(place)))


def _missing(name: str) -> Exception:
    return query_invalid({name: {"error": "Name the place whose roles you want.", "code": "invalid"}})


def _of_workspace(workspace_id: int) -> Iterable[Given]:
    for name, kind in service(RoleKinds).subject_types().items():
        for found in kind.roles(workspace_id):
            yield (name, found.subject_id), found.role, found.id


def _of(place: Place) -> Iterable[Given]:
    for row in store.at(place):
        yield (row.subject_type, row.subject_id), row.role, row.id


def _shown(workspace_id: int, place: Place, given: list[Given]) -> list[dict[str, Any]]:
    """Of those who are there; groups in the trash are not shown."""
    subjects = subjects_shown(workspace_id, (subject for subject, _, _ in given))
    return [
        store.shown(place, subject, subjects[subject], role, number)
        for subject, role, number in given
        if subject in subjects
    ]


def subjects_shown(workspace_id: int, subjects: Iterable[Subject]) -> dict[Subject, Any]:
    """Those of the subjects who are there, as the API shows them: a query for each type."""
    ids: dict[str, list[int]] = {}
    for name, number in subjects:
        ids.setdefault(name, []).append(number)
    kinds, found = service(RoleKinds).subject_types(), dict[Subject, Any]()
    for name, wanted in ids.items():
        if name in kinds:
            found.update({(name, number): one for number, one in kinds[name].shown(workspace_id, wanted).items()})
    return found
