"""HTTP operations of teams."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.teams import service
from plugins.teams.schemas import (
    ReadTeamAnswer,
    SubjectAnswer,
    SubjectBody,
    TeamAnswer,
    TeamBody,
    TeamsQuery,
)

blueprint = Blueprint("teams", __name__, url_prefix="/api/teams", description="Groups of members")

_OUTSIDER = "ERROR_USER_NOT_IN_GROUP"
_TEAM = "ERROR_TEAM_DOES_NOT_EXIST"
_SUBJECT = "ERROR_SUBJECT_DOES_NOT_EXIST"
_CHANGES = (
    "ERROR_REQUEST_BODY_VALIDATION",
    _OUTSIDER,
    "ERROR_TEAM_NAME_NOT_UNIQUE",
    "ERROR_SUBJECT_NOT_IN_GROUP",
    _SUBJECT,
    "ERROR_ROLE_DOES_NOT_EXIST",
)


@blueprint.operation(
    "GET",
    "/workspace/<int:workspace_id>/",
    id="workspace_list_teams",
    summary="List the teams of a workspace",
    description="The teams with the first ten of those in each, the oldest team first or as `sorts` says.",
    query=TeamsQuery,
    response=TeamAnswer(many=True),
    errors=(
        "ERROR_GROUP_DOES_NOT_EXIST",
        "ERROR_QUERY_PARAMETER_VALIDATION",
        "ERROR_INVALID_SORT_DIRECTION",
        "ERROR_INVALID_SORT_ATTRIBUTE",
        "PERMISSION_DENIED",
    ),
)
def list_teams(workspace_id: int, query: dict[str, Any]) -> Any:
    """The teams."""
    return service.list_teams(workspace_id, query.get("search"), query.get("sorts"))


@blueprint.operation(
    "POST",
    "/workspace/<int:workspace_id>/",
    id="workspace_create_team",
    summary="Make a team",
    description="Makes a team of members. Those in it who have no role of their own (`NO_ROLE_LOW_PRIORITY`) have its "
    "`default_role` in the workspace. Only admins may. It can be undone.",
    body=TeamBody,
    response=TeamAnswer,
    errors=(*_CHANGES, "ERROR_GROUP_DOES_NOT_EXIST"),
)
def create_team(workspace_id: int, body: dict[str, Any]) -> Any:
    """Make a team."""
    return service.create(workspace_id, body["name"], body["default_role"], body["subjects"])


@blueprint.operation(
    "GET",
    "/<int:team_id>/",
    id="get_team",
    summary="Read a team",
    description="The team, with how many are in it.",
    response=ReadTeamAnswer,
    errors=(_TEAM, "PERMISSION_DENIED"),
)
def get_team(team_id: int) -> Any:
    """The team."""
    return service.read(team_id)


@blueprint.operation(
    "PUT",
    "/<int:team_id>/",
    id="update_team",
    summary="Change a team",
    description="Gives the team the name, the role and the members of the body: without a role it has none, without "
    "members it is empty. Only admins may. It can be undone.",
    body=TeamBody,
    response=TeamAnswer,
    errors=(*_CHANGES, _TEAM),
)
def update_team(team_id: int, body: dict[str, Any]) -> Any:
    """Change a team."""
    return service.update(team_id, body["name"], body["default_role"], body["subjects"])


@blueprint.operation(
    "DELETE",
    "/<int:team_id>/",
    id="delete_team",
    summary="Delete a team",
    description="Puts the team into the trash; those in it lose the role they had from it. Only admins may.",
    status=204,
    errors=(_OUTSIDER, _TEAM),
)
def delete_team(team_id: int) -> None:
    """Delete a team."""
    service.delete(team_id)


@blueprint.operation(
    "GET",
    "/<int:team_id>/subjects/",
    id="list_team_subjects",
    summary="List who is in a team",
    description="The members in the team, in the order they came.",
    response=SubjectAnswer(many=True),
    errors=(_TEAM, "PERMISSION_DENIED"),
)
def list_subjects(team_id: int) -> Any:
    """Who is in it."""
    return service.list_subjects(team_id)


@blueprint.operation(
    "POST",
    "/<int:team_id>/subjects/",
    id="create_subject",
    summary="Put a member into a team",
    description="Puts a member of the workspace, named by id or by address, into the team. Only admins may. It can be "
    "undone.",
    body=SubjectBody,
    response=SubjectAnswer,
    errors=("ERROR_REQUEST_BODY_VALIDATION", "ERROR_SUBJECT_NOT_IN_GROUP", _SUBJECT, _TEAM, "PERMISSION_DENIED"),
)
def create_subject(team_id: int, body: dict[str, Any]) -> Any:
    """Put a member in."""
    return service.add_subject(team_id, body)


@blueprint.operation(
    "GET",
    "/<int:team_id>/subjects/<int:subject_id>/",
    id="get_subject",
    summary="Read who is in a team by one of its subjects",
    description="One of those in the team, by the id of the `subject`.",
    response=SubjectAnswer,
    errors=(_TEAM, _SUBJECT, "PERMISSION_DENIED"),
)
def get_subject(team_id: int, subject_id: int) -> Any:
    """One of them."""
    return service.read_subject(team_id, subject_id)


@blueprint.operation(
    "DELETE",
    "/<int:team_id>/subjects/<int:subject_id>/",
    id="delete_subject",
    summary="Take a member out of a team",
    description="Takes one of those in the team out of it. Only admins may. It can be undone.",
    status=204,
    errors=(_TEAM, _SUBJECT, "PERMISSION_DENIED"),
)
def delete_subject(team_id: int, subject_id: int) -> None:
    """Take a member out."""
    service.remove_subject(team_id, subject_id)
