"""Stored teams and who is in them: finding, showing and changing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from plugin_api.db import connection, session
from plugin_api.errors import ApiError
from plugins.teams.models import Subject, Team

USER = "auth.User"
_SAMPLE = 10
_PERSON = sa.table(
    "user", sa.column("id", sa.BigInteger), sa.column("name", sa.Text), sa.column("email", sa.Text), schema="core"
)
_MEMBER = sa.table(
    "membership", sa.column("workspace_id", sa.BigInteger), sa.column("user_id", sa.BigInteger), schema="core"
)


def find(team_id: int, lock: bool = False) -> Team | None:
    """A team that is not in the trash; `lock`: nobody else changes it or who is in it until the commit."""
    chosen = sa.select(Team).where(Team.id == team_id, Team.trashed_on.is_(None))
    chosen = chosen.with_for_update() if lock else chosen
    return session().scalar(chosen.execution_options(populate_existing=True))


def listed(workspace_id: int, search: str | None, order: Sequence[sa.ColumnElement[Any]]) -> list[Team]:
    """The teams of a workspace whose name has the text, in this order."""
    chosen = sa.select(Team).where(Team.workspace_id == workspace_id, Team.trashed_on.is_(None))
    if search is not None:
        chosen = chosen.where(Team.name.icontains(search, autoescape=True))
    return list(session().scalars(chosen.order_by(*order, Team.id)))


def size() -> sa.ColumnElement[int]:
    """How many are in a team, to order teams by it."""
    inside = aliased(Subject)
    query = sa.select(sa.func.count()).select_from(inside).where(inside.team_id == Team.id)
    return query.correlate(Team).scalar_subquery()


def team_json(team: Team, count: int) -> dict[str, Any]:
    """A team as the API shows it."""
    return {
        "id": team.id,
        "name": team.name,
        "workspace": team.workspace_id,
        "created_on": team.created_on,
        "updated_on": team.updated_on,
        "default_role": team.default_role,
        "subject_count": count,
    }


def with_samples(teams: Sequence[Team]) -> list[dict[str, Any]]:
    """Teams with the first of those who are in them: one query."""
    inside = _inside([team.id for team in teams])
    shown: list[dict[str, Any]] = []
    for team in teams:
        subjects = inside.get(team.id, [])
        count = subjects[0].count if subjects else 0
        shown.append({**team_json(team, count), "subject_sample": [_sample_json(row) for row in subjects]})
    return shown


def _inside(team_ids: Sequence[int]) -> dict[int, list[Any]]:
    team = Subject.team_id
    numbered = (
        sa.select(
            Subject.id,
            Subject.team_id,
            Subject.user_id,
            _PERSON.c.name,
            sa.func.row_number().over(partition_by=team, order_by=Subject.id).label("place"),
            sa.func.count().over(partition_by=team).label("count"),
        )
        .join(_PERSON, _PERSON.c.id == Subject.user_id)
        .where(Subject.team_id.in_(team_ids))
        .subquery()
    )
    found: dict[int, list[Any]] = {}
    first = sa.select(numbered).where(numbered.c.place <= _SAMPLE).order_by(numbered.c.id)
    for row in session().execute(first) if team_ids else ():
        found.setdefault(row.team_id, []).append(row)
    return found


def _sample_json(row: Any) -> dict[str, Any]:
    person = {"subject_id": row.user_id, "subject_type": USER, "subject_label": row.name}
    return {**person, "team_subject_id": row.id}


def count(team_id: int) -> int:
    """How many are in a team."""
    query = sa.select(sa.func.count()).select_from(Subject).where(Subject.team_id == team_id)
    return session().scalar(query) or 0


def name_taken(workspace_id: int, name: str, but: int | None = None) -> bool:
    """Whether another team of the workspace has the name, in the trash or not."""
    chosen = sa.select(Team.id).where(Team.workspace_id == workspace_id, Team.name == name, Team.id != (but or 0))
    return session().scalar(chosen) is not None


def members_asked_for(workspace_id: int, subjects: Iterable[Mapping[str, Any]]) -> list[int]:
    """The ids of the users that are meant, each once: one query.

    404 for one who does not exist, 400 for one who is no member.
    """
    wanted = list(subjects)
    ids = [one["subject_id"] for one in wanted if one.get("subject_id") is not None]
    emails = [one["subject_user_email"] for one in wanted if one.get("subject_user_email")]
    there = sa.and_(_MEMBER.c.user_id == _PERSON.c.id, _MEMBER.c.workspace_id == workspace_id)
    query = sa.select(_PERSON.c.id, _PERSON.c.email, _MEMBER.c.user_id).outerjoin(_MEMBER, there)
    rows = (
        connection().execute(query.where(_PERSON.c.id.in_(ids) | _PERSON.c.email.in_(emails))).all() if wanted else ()
    )
    known = {key: row for row in rows for key in (row.id, row.email)}
    return list(dict.fromkeys(_member(one, known) for one in wanted))


def _member(one: Mapping[str, Any], known: Mapping[Any, Any]) -> int:
    given = one.get("subject_id")
    row = known.get(one.get("subject_user_email") if given is None else given)
    if row is None:
        raise no_subject()
    if row.user_id is None:
        raise ApiError("ERROR_SUBJECT_NOT_IN_GROUP", 400, "Only members of the workspace can be in its teams.")
    return int(row.id)


def no_subject() -> ApiError:
    """There is nobody like that."""
    return ApiError("ERROR_SUBJECT_DOES_NOT_EXIST", 404, "There is no such user, or nobody like that in the team.")


def put_in(team: Team, user_ids: Sequence[int], ids: Mapping[int, int] | None = None) -> None:
    """Have exactly these members in a team. `ids`: with which ids, for those who are back; who left stays out."""
    session().execute(sa.delete(Subject).where(Subject.team_id == team.id, Subject.user_id.not_in(user_ids)))
    add(team, user_ids, ids or {})


def add(team: Team, user_ids: Sequence[int], ids: Mapping[int, int]) -> None:
    """Add members to a team who are not in it yet; who is no member of the workspace any more is left out."""
    known = [user_id for user_id in user_ids if user_id in ids]
    _insert(team, known, {"id": sa.case(dict(ids), value=_MEMBER.c.user_id)} if known else {})
    _insert(team, [user_id for user_id in user_ids if user_id not in ids], {})


def _insert(team: Team, user_ids: Sequence[int], more: Mapping[str, sa.ColumnElement[Any]]) -> None:
    place = sa.func.array_position(sa.cast(list(user_ids), sa.ARRAY(sa.BigInteger)), _MEMBER.c.user_id)
    values = {"team_id": sa.literal(team.id), "workspace_id": _MEMBER.c.workspace_id, "user_id": _MEMBER.c.user_id}
    chosen = sa.and_(_MEMBER.c.workspace_id == team.workspace_id, _MEMBER.c.user_id.in_(user_ids))
    members = sa.select(*values.values(), *more.values()).where(chosen).order_by(place)
    if user_ids:
        session().execute(insert(Subject).from_select([*values, *more], members).on_conflict_do_nothing())


def subjects(team_id: int) -> list[Subject]:
    """Who is in a team, in the order they came."""
    return list(session().scalars(sa.select(Subject).where(Subject.team_id == team_id).order_by(Subject.id)))


def subject_json(subject: Subject) -> dict[str, Any]:
    """Somebody in a team as the API shows it."""
    return {"id": subject.id, "subject_id": subject.user_id, "subject_type": USER, "team": subject.team_id}


def teams_of_members(workspace_id: int, user_ids: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The teams of members, by user: one query."""
    query = (
        sa.select(Subject.user_id, Team.id, Team.name)
        .join(Team, Team.id == Subject.team_id)
        .where(Subject.workspace_id == workspace_id, Subject.user_id.in_(user_ids), Team.trashed_on.is_(None))
        .order_by(Team.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in session().execute(query):
        found.setdefault(row.user_id, []).append({"id": row.id, "name": row.name})
    return found
