"""What is sent and answered about teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.schemas import Choice, Email, Int, NestedList, Schema, Str, refuse_unknown
from plugins.teams.store import USER

_MOST = 10_000


class TeamsQuery(Schema):
    """Which teams, in which order."""

    search = Str(max_length=254, metadata={"description": "A part of a name."})
    sorts = Str(
        max_length=100,
        metadata={"description": "`name`, `subject_count`, `default_role`, each after + or -, comma separated."},
    )
    page = mf.Raw(metadata={"description": "Ignored: all teams are listed."})

    @ma.validates_schema(pass_original=True)
    def _known(self, data: Mapping[str, Any], original: Any, **kwargs: Any) -> None:
        refuse_unknown(self, original)


class SubjectOfTeam(Schema):
    """A member, by id or by address."""

    subject_id = Int(metadata={"description": "The id of the user."})
    subject_user_email = Email(metadata={"description": "The user's address, instead of the id."})
    subject_type = Choice([USER], required=True)


class SubjectBody(SubjectOfTeam):
    """A member to put into a team."""

    @ma.validates_schema(pass_original=True)
    def _known(self, data: Mapping[str, Any], original: Any, **kwargs: Any) -> None:
        refuse_unknown(self, original)


class TeamBody(Schema):
    """A team as it is to be."""

    name = Str(required=True, max_length=160)
    default_role = Str(
        allow_none=True,
        load_default=None,
        metadata={"description": "What those in it are in the workspace who have no role of their own."},
    )
    subjects = NestedList(SubjectOfTeam, load_default=list, max_length=_MOST)

    @ma.validates_schema(pass_original=True)
    def _known(self, data: Mapping[str, Any], original: Any, **kwargs: Any) -> None:
        refuse_unknown(self, original)


class SampleAnswer(Schema):
    """Somebody in a team, with a name."""

    subject_id = mf.Integer()
    subject_type = mf.String()
    subject_label = mf.String()
    team_subject_id = mf.Integer()


class ReadTeamAnswer(Schema):
    """A team."""

    id = mf.Integer()
    name = mf.String()
    workspace = mf.Integer()
    created_on = mf.DateTime()
    updated_on = mf.DateTime()
    default_role = mf.String(allow_none=True)
    subject_count = mf.Integer()


class TeamAnswer(ReadTeamAnswer):
    """A team with the first of those in it."""

    subject_sample = mf.List(mf.Nested(SampleAnswer))


class SubjectAnswer(Schema):
    """Somebody in a team; `id` is not the user's, which is `subject_id`."""

    id = mf.Integer()
    subject_id = mf.Integer()
    subject_type = mf.String()
    team = mf.Integer()
