"""Giving and taking roles: checked and locked once for all of them, in one transaction, recorded and announced."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin_api import actions, events
from plugin_api.actions import ActionType
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import NO_ROLE, ROLES, Access, Permissions, require
from plugin_api.platform import service
from plugin_api.roles import RoleKinds, RoleSubjectType
from plugins.roles import places, store
from plugins.roles.listing import subjects_shown
from plugins.roles.places import Place
from plugins.roles.store import Subject

RECORDED = "batch_assign_role"
CHANGED = "role_assignments_updated"
ACTION_TYPES = [ActionType(RECORDED, "%(count)s roles of members and teams changed")]
_WITHOUT_ROLES = ("anonymous", "user_source.user", "core.Token")
"""Types that the API knows, none of which can be given a role."""


@dataclass(frozen=True)
class Wanted:
    """A role somebody is to have at a place; None takes away what they have there."""

    place: Place
    subject: Subject
    role: str | None


def assign(workspace_id: int, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
    """Give roles; answers each as the API shows it, None for those that were taken away."""
    access = service(Permissions).workspace_access(workspace_id)
    places.member_access(access, "PERMISSION_DENIED", 401)
    _refuse_twice(items)
    wanted = _checked(access, items)
    _check_types(wanted)
    _lock(workspace_id, wanted)
    _check_again(workspace_id, wanted)
    subjects = _subjects(workspace_id, wanted)
    before = _roles_before(workspace_id, wanted)
    ids = {**_in_workspace(workspace_id, wanted), **_within(workspace_id, wanted)}
    _record(workspace_id, wanted, before)
    _announce(workspace_id, wanted)
    return [None if one.role is None else _shown(one, subjects, ids) for one in wanted]


def _shown(one: Wanted, subjects: Mapping[Subject, Any], ids: Mapping[tuple[str, int, Subject], int | None]) -> Any:
    number = ids[(one.place.kind.type, one.place.id, one.subject)]
    return store.shown(one.place, one.subject, subjects[one.subject], one.role or NO_ROLE, number)


def _refuse_twice(items: Sequence[Mapping[str, Any]]) -> None:
    keys = [tuple(item[key] for key in ("scope_type", "scope_id", "subject_type", "subject_id")) for item in items]
    if len(set(keys)) < len(keys):
        message = "Somebody is given two roles at the same place."
        raise ApiError("ERROR_DUPLICATE_ROLE_ASSIGNMENTS", 400, message)


def _checked(access: Access, items: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """What is wanted: at places that are there, where the acting user may give roles that there are."""
    found = places.find(access, [(item["scope_type"], item["scope_id"]) for item in items])
    for place in found.values():
        _require(place)
    wanted = [
        Wanted(found[item["scope_type"], item["scope_id"]], (item["subject_type"], item["subject_id"]), item["role"])
        for item in items
    ]
    if any(one.role not in (None, NO_ROLE, *ROLES) for one in wanted):
        raise does_not_exist("role")
    return wanted


def _require(place: Place) -> None:
    require(place.kind.update_operation or "", place.access)


def _check_types(wanted: Sequence[Wanted]) -> None:
    """404 for types of subjects that there are not, or none of which can be given a role."""
    for name in {one.subject[0] for one in wanted} - service(RoleKinds).subject_types().keys():
        raise does_not_exist("subject" if name in _WITHOUT_ROLES else "subject_type")


def _subjects(workspace_id: int, wanted: Sequence[Wanted]) -> dict[Subject, Any]:
    """Those who are meant, as the API shows them; 404 when somebody is not there (any more)."""
    found = subjects_shown(workspace_id, dict.fromkeys(one.subject for one in wanted))
    if any(one.subject not in found for one in wanted):
        raise does_not_exist("subject")
    return found


def _by_type(wanted: Sequence[Wanted]) -> list[tuple[RoleSubjectType, dict[int, None]]]:
    kinds, ids = service(RoleKinds).subject_types(), dict[str, dict[int, None]]()
    for one in wanted:
        ids.setdefault(one.subject[0], {})[one.subject[1]] = None
    return [(kinds[name], found) for name, found in sorted(ids.items())]


def _lock(workspace_id: int, wanted: Sequence[Wanted]) -> None:
    for kind, ids in _by_type(wanted):
        kind.lock(workspace_id, list(ids))


def _check_again(workspace_id: int, wanted: Sequence[Wanted]) -> None:
    """Somebody else may have taken the acting user's role before the locks were there."""
    access = service(Permissions).workspace_access(workspace_id)
    for place in {one.place.kind.type + str(one.place.id): one.place for one in wanted}.values():
        _require(Place(place.kind, place.id, Access(workspace_id, access.role, place.access.scopes)))


def _roles_before(workspace_id: int, wanted: Sequence[Wanted]) -> dict[tuple[str, int, Subject], str]:
    """What was given at the places before, by place and subject."""
    within = {(place.kind.type, place.id): place for place in (one.place for one in wanted) if not place.is_workspace}
    given = store.given(within.values())
    before = {(kind, number, (name, subject)): role for (kind, number, name, subject), role in given.items()}
    for subject, role in _workspace_roles(workspace_id, wanted).items():
        before[("workspace", workspace_id, subject)] = role
    return before


def _workspace_roles(workspace_id: int, wanted: Sequence[Wanted]) -> dict[Subject, str]:
    return {
        (kind.type, found.subject_id): found.role
        for kind, ids in _by_type(wanted)
        for found in kind.roles(workspace_id)
        if found.subject_id in ids
    }


def _in_workspace(workspace_id: int, wanted: Sequence[Wanted]) -> dict[tuple[str, int, Subject], int | None]:
    """Give the roles in the workspace itself; answers what the API names them by."""
    mine = [one for one in wanted if one.place.is_workspace]
    roles = {one.subject: one.role for one in mine}
    for kind, ids in _by_type(mine):
        kind.give(workspace_id, {number: roles[kind.type, number] for number in ids})
    return {
        ("workspace", workspace_id, (kind.type, found.subject_id)): found.id
        for kind, _ in _by_type(mine)
        for found in kind.roles(workspace_id)
    }


def _within(workspace_id: int, wanted: Sequence[Wanted]) -> dict[tuple[str, int, Subject], int | None]:
    """Store the roles at places within the workspace; answers their ids."""
    mine = [one for one in wanted if not one.place.is_workspace]
    kept = [(one.place, one.subject, one.role) for one in mine if one.role is not None]
    _refuse_admins(workspace_id, [one for one in mine if one.role is not None])
    store.take([(one.place, one.subject) for one in mine if one.role is None])
    keys = [(place.kind.type, place.id, subject) for place, subject, _ in kept]
    return dict(zip(keys, store.keep(workspace_id, kept), strict=True))


def _refuse_admins(workspace_id: int, wanted: Sequence[Wanted]) -> None:
    if ROLES[-1] in _workspace_roles(workspace_id, wanted).values():
        message = "Whoever is an admin of the workspace is one everywhere in it. Give them another role there first."
        raise ApiError("ERROR_CANT_ASSIGN_ROLE_EXCEPTION_TO_ADMIN", 400, message)


def _record(workspace_id: int, wanted: Sequence[Wanted], before: Mapping[tuple[str, int, Subject], str]) -> None:
    listed = [
        {
            "subject_type": one.subject[0],
            "subject_id": one.subject[1],
            "scope_type": one.place.kind.type,
            "scope_id": one.place.id,
            "role": one.role,
            "original_role": before.get((one.place.kind.type, one.place.id, one.subject)),
        }
        for one in wanted
    ]
    if listed:
        params = {"workspace_id": workspace_id, "count": len(listed), "assignments": listed}
        actions.record(RECORDED, scope=f"workspace{workspace_id}", workspace_id=workspace_id, params=params)


def _announce(workspace_id: int, wanted: Sequence[Wanted]) -> None:
    """Tell whose roles may be others now; members whose membership changed are told of that."""
    told = [one for one in wanted if not (one.place.is_workspace and one.subject[0] == "auth.User")]
    user_ids: set[int] = set()
    for kind, ids in _by_type(told):
        users: Collection[int] = kind.users(list(ids))
        user_ids.update(users)
    if user_ids:
        events.emit(CHANGED, {"workspace_id": workspace_id, "user_ids": sorted(user_ids)}, workspace_id)
