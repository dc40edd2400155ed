"""What is sent and answered about roles at places."""

from __future__ import annotations

from marshmallow import fields as mf

from plugin_api.schemas import Any_, Int, NestedList, Schema, Str

MOST = 1000
_NAME = 255


class PlaceQuery(Schema):
    """The place whose roles to list."""

    scope_type = Str(
        max_length=_NAME, metadata={"description": "The kind of place: `workspace`, `application`, `database_table`."}
    )
    scope_id = Int(min_value=1, metadata={"description": "The id of the workspace, the application or the table."})


class AssignmentBody(Schema):
    """Who is to have which role where."""

    subject_id = Int(required=True, min_value=1, metadata={"description": "The id of the user or the team."})
    subject_type = Str(
        required=True, max_length=_NAME, metadata={"description": "`auth.User` or `baserow_enterprise.Team`."}
    )
    role = Any_(
        required=True,
        allow_none=True,
        metadata={"type": "string", "description": "The role; null takes away what was given."},
    )
    scope_id = Int(required=True, min_value=1, metadata={"description": "The id of the place."})
    scope_type = Str(
        required=True,
        max_length=_NAME,
        metadata={"description": "The kind of place: `workspace`, `application`, `database_table`."},
    )


class BatchBody(Schema):
    """Roles to give and to take together."""

    items = NestedList(AssignmentBody, required=True, max_length=MOST)


class AssignmentAnswer(Schema):
    """Who has which role where."""

    id = mf.Integer(allow_none=True, metadata={"description": "null where the role is the membership's."})
    role = mf.String()
    subject = mf.Dict(metadata={"description": "The user (id, username, first_name, email) or the team (id, name)."})
    subject_id = mf.Integer()
    scope_id = mf.Integer()
    subject_type = mf.String()
    scope_type = mf.String()
