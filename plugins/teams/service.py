"""What people do with teams, with permission, recorded action and event."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from plugin_api import actions, events, trash
from plugin_api.db import savepoint, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.http import dumps
from plugin_api.orders import SortKeys, sorts_of
from plugin_api.permissions import NO_ROLE, ROLES, Access, Permissions, require, require_denied
from plugin_api.platform import service
from plugin_api.sql import text_sort
from plugin_api.trash import TrashItem
from plugins.teams import operations, store
from plugins.teams.models import Subject, Team

TRASH_TYPE = "team"
_WORKSPACE = sa.table("workspace", sa.column("id", sa.BigInteger), sa.column("name", sa.Text), schema="core")


def _allowed(workspace_id: int, operation: str) -> Access:
    """The acting user's access, checked; an outsider is told that they are none."""
    access = service(Permissions).workspace_access(workspace_id)
    require(operation, access)
    return access


def _quietly_allowed(workspace_id: int, operation: str) -> Access:
    """The same where outsiders are told no more than members without the permission."""
    access = service(Permissions).workspace_access(workspace_id)
    require_denied(operation, access)
    return access


Check = Callable[[int, str], Access]


def _team(team_id: int, operation: str, check: Check = _quietly_allowed, lock: bool = False) -> Team:
    """A team the acting user may do this with; 404 when there is none, or its workspace is in the trash."""
    team = store.find(team_id, lock)
    if team is None:
        raise does_not_exist("team")
    try:
        check(team.workspace_id, operation)
    except ApiError as error:
        raise does_not_exist("team") if error.status == 404 else error  # noqa: B904 - it is told as it is
    return team


def list_teams(workspace_id: int, search: str | None, sorts: str | None) -> list[dict[str, Any]]:
    """The teams of a workspace, in the order asked for: three queries."""
    order = sorts_of(filter(None, (sorts or "").split(",")), _sort_keys())
    _quietly_allowed(workspace_id, operations.LIST)
    return store.with_samples(store.listed(workspace_id, search, order))


def _sort_keys() -> SortKeys:
    name = sa.type_coerce(Team.name, sa.Text())
    return {
        "name": text_sort(name),
        "subject_count": [store.size()],
        "default_role": [sa.type_coerce(Team.default_role, sa.Text())],
    }


def read(team_id: int) -> dict[str, Any]:
    """A team."""
    team = _team(team_id, operations.READ)
    return store.team_json(team, store.count(team.id))


def create(workspace_id: int, name: str, role: str | None, subjects: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Make a team of members."""
    _allowed(workspace_id, operations.CREATE)
    _check(workspace_id, name, role)
    user_ids = store.members_asked_for(workspace_id, subjects)
    team = Team(workspace_id=workspace_id, name=name, default_role=role)
    _save(team)
    store.put_in(team, user_ids)
    _record("create_team", team)
    return _announce("team_created", team, user_ids)


def _check(workspace_id: int, name: str, role: str | None, team_id: int | None = None) -> None:
    """A name nobody else has, and a role there is."""
    if role is not None and role not in (*ROLES, NO_ROLE):
        raise does_not_exist("role")
    if store.name_taken(workspace_id, name, team_id):
        raise _not_unique(name)


def _not_unique(name: str) -> ApiError:
    message = f'The workspace has a team "{name}", maybe in its trash. Choose another name.'
    return ApiError("ERROR_TEAM_NAME_NOT_UNIQUE", 400, message)


def _save(team: Team) -> None:
    """Write a team; somebody may have taken its name at this moment."""
    try:
        with savepoint():
            session().add(team)
            session().flush()
    except IntegrityError:
        raise _not_unique(team.name) from None


def update(team_id: int, name: str, role: str | None, subjects: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give a team another name, role and members; what is not given is none."""
    team = _team(team_id, operations.UPDATE, _allowed, lock=True)
    user_ids = store.members_asked_for(team.workspace_id, subjects)
    return change(team, name, role, user_ids, {})


def change(team: Team, name: str, role: str | None, user_ids: Sequence[int], ids: Mapping[int, int]) -> dict[str, Any]:
    """Change a locked team; `ids` are the ids of those who were in it before."""
    _check(team.workspace_id, name, role, team.id)
    before = store.subjects(team.id)
    original = {"team_name": team.name, "default_role": team.default_role, "subjects": _kept(before)}
    team.name, team.default_role, team.updated_on = name, role, datetime.now(UTC)
    _save(team)
    store.put_in(team, user_ids, ids)
    more = {f"original_{key}": value for key, value in original.items()}
    _record("update_team", team, subjects=_kept(store.subjects(team.id)), **more)
    return _announce("team_updated", team, {*user_ids, *(one.user_id for one in before)})


def give_role(team: Team, role: str | None) -> None:
    """Give a locked team another default role, for whoever records it."""
    if team.default_role != role:
        team.default_role, team.updated_on = role, datetime.now(UTC)
        _announce("team_updated", team, [subject.user_id for subject in store.subjects(team.id)])


def _kept(subjects: Sequence[Subject]) -> list[list[int]]:
    return [[subject.user_id, subject.id] for subject in subjects]


def put_back(team_id: int, name: str, role: str | None, subjects: Sequence[tuple[int, int]]) -> None:
    """Make a team what it was at another time."""
    team = _team(team_id, operations.UPDATE, _allowed, lock=True)
    change(team, name, role, [user_id for user_id, _ in subjects], dict(subjects))


def delete(team_id: int) -> None:
    """Put a team into the trash: it gives nobody a role any more."""
    team = _team(team_id, operations.DELETE, _allowed, lock=True)
    team.trashed_on = datetime.now(UTC)
    name = session().scalar(sa.select(_WORKSPACE.c.name).where(_WORKSPACE.c.id == team.workspace_id))
    trash.put(TrashItem(TRASH_TYPE, team.id, team.workspace_id, team.name, parent_name=name))
    _record("delete_team", team)
    _announce("team_deleted", team, [subject.user_id for subject in store.subjects(team.id)])


def restored(team: Team) -> None:
    """Tell that a team is back."""
    _announce("team_restored", team, [subject.user_id for subject in store.subjects(team.id)])


def list_subjects(team_id: int) -> list[dict[str, Any]]:
    """Who is in a team."""
    team = _team(team_id, operations.LIST_SUBJECTS)
    return [store.subject_json(subject) for subject in store.subjects(team.id)]


def read_subject(team_id: int, subject_id: int) -> dict[str, Any]:
    """Somebody in a team."""
    return store.subject_json(_subject(_team(team_id, operations.READ_SUBJECT), subject_id))


def _subject(team: Team, subject_id: int) -> Subject:
    found = session().get(Subject, subject_id, populate_existing=True)
    if found is None or found.team_id != team.id:
        raise store.no_subject()
    return found


def add_subject(team_id: int, subject: Mapping[str, Any]) -> dict[str, Any]:
    """Put a member into a team; who is in it already stays."""
    team = _team(team_id, operations.CREATE_SUBJECT, lock=True)
    [user_id] = store.members_asked_for(team.workspace_id, [subject])
    return _add(team, user_id)


def add_again(team_id: int, subject_id: int, user_id: int) -> None:
    """Put somebody back into a team, with the same id."""
    team = _team(team_id, operations.CREATE_SUBJECT, lock=True)
    if _add(team, user_id, {user_id: subject_id})["id"] != subject_id:
        raise ApiError("ERROR_SUBJECT_BAD_REQUEST", 400, "The member is in the team already.")


def _add(team: Team, user_id: int, ids: Mapping[int, int] | None = None) -> dict[str, Any]:
    chosen = sa.select(Subject).where(Subject.team_id == team.id, Subject.user_id == user_id)
    if (there := session().scalar(chosen)) is not None:
        return store.subject_json(there)
    store.add(team, [user_id], ids or {})
    made = session().scalar(chosen)
    if made is None:
        raise store.no_subject()
    _record("create_team_subject", team, subject_id=made.id, user_id=user_id)
    _announce("team_updated", team, [user_id])
    return store.subject_json(made)


def remove_subject(team_id: int, subject_id: int) -> None:
    """Take somebody out of a team."""
    team = _team(team_id, operations.DELETE_SUBJECT, lock=True)
    subject = _subject(team, subject_id)
    session().delete(subject)
    session().flush()
    _record("delete_team_subject", team, subject_id=subject_id, user_id=subject.user_id)
    _announce("team_updated", team, [subject.user_id])


def _record(type_name: str, team: Team, **more: Any) -> None:
    params = {"team_id": team.id, "team_name": team.name, "default_role": team.default_role, **more}
    scope = f"teams_in_workspace{team.workspace_id}"
    actions.record(type_name, scope=scope, workspace_id=team.workspace_id, params=params)


def _announce(event: str, team: Team, user_ids: Collection[int]) -> dict[str, Any]:
    """Tell of a change, and whose role may be another now; answers the team."""
    session().flush()
    session().refresh(team)
    shown = store.with_samples([team])[0]
    told = {"workspace_id": team.workspace_id, "team_id": team.id, "team": orjson.loads(dumps(shown))}
    events.emit(event, {**told, "user_ids": sorted(user_ids)}, team.workspace_id)
    return shown
