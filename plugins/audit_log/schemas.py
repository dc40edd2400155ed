"""Queries, bodies and answers of the operations on the log."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from plugin_api.charsets import CHARSETS
from plugin_api.dates import Moment
from plugin_api.schemas import Bool, Choice, Int, Nested, Schema, Str
from plugins.audit_log import kinds

SEPARATORS = {",": ",", ";": ";", "|": "|", "tab": "\t", "record_separator": "\x1e", "unit_separator": "\x1f"}

_OF_WORKSPACE = {"description": "Only what concerns this workspace. Needed but for staff."}
_SEARCH: dict[str, Any] = {"load_default": "", "metadata": {"description": "A part of what is wanted."}}


class _PageQuery(Schema):
    """Which part of a list."""

    page = Int(load_default=1, metadata={"description": "The number of the page; 1 when it is not given."})
    size = mf.Raw(metadata={"description": "How many a page, at most 100; 100 when it is not given."})


class AuditEntriesQuery(_PageQuery):
    """Which entries, in which order."""

    workspace_id = Int(min_value=1, load_default=None, metadata=_OF_WORKSPACE)
    user_id = Int(min_value=1, load_default=None, metadata={"description": "Only what this user did."})
    action_type = Choice(
        kinds.known, load_default=None, metadata={"description": "Only actions of this type, such as create_table."}
    )
    from_timestamp = Moment(load_default=None, metadata={"description": "Only from this moment on (ISO 8601)."})
    to_timestamp = Moment(load_default=None, metadata={"description": "Only up to this moment (ISO 8601)."})
    search = mf.String(load_default="", metadata={"description": "A part of an address or of a workspace's name."})
    sorts = mf.String(
        load_default=None, metadata={"description": "Attributes after + or -, such as `+user,-timestamp`."}
    )


class AuditUsersQuery(_PageQuery):
    """Which users."""

    workspace_id = Int(min_value=1, load_default=None, metadata=_OF_WORKSPACE)
    search = mf.String(**_SEARCH)


class AuditWorkspacesQuery(_PageQuery):
    """Which workspaces."""

    search = mf.String(**_SEARCH)


class AuditActionTypesQuery(Schema):
    """Which types of actions."""

    workspace_id = Int(min_value=1, load_default=None, metadata=_OF_WORKSPACE)
    search = mf.String(**_SEARCH)


class AuditExportBody(Schema):
    """Which entries are written to a file, and how."""

    filter_workspace_id = Int(min_value=0, load_default=None, allow_none=True, metadata=_OF_WORKSPACE)
    filter_user_id = Int(min_value=0, load_default=None, allow_none=True)
    filter_action_type = Choice(kinds.known, load_default=None, allow_none=True)
    filter_from_timestamp = Moment(load_default=None, allow_none=True)
    filter_to_timestamp = Moment(load_default=None, allow_none=True)
    csv_column_separator = Choice(list(SEPARATORS), load_default=",")
    csv_first_row_header = Bool(load_default=True)
    export_charset = Choice(list(CHARSETS), load_default="utf-8")
    exclude_columns = Str(
        load_default=None,
        allow_none=True,
        allow_blank=True,
        metadata={"description": "Columns to leave out, by commas, such as `ip_address,workspace_name`."},
    )


class AuditEntryAnswer(Schema):
    """An entry."""

    id = mf.Integer()
    action_type = mf.String(metadata={"description": "What was done, by its name, such as create_table."})
    user = mf.String(metadata={"description": "Who did it: address and id at that time. Empty for visitors."})
    workspace = mf.String(metadata={"description": "Where: name and id. Empty for what is in no workspace."})
    type = mf.String(metadata={"description": "What was done, in words."})
    description = mf.String(metadata={"description": "What was done to what."})
    timestamp = mf.DateTime()
    ip_address = mf.String(allow_none=True)


class AuditKnownAnswer(Schema):
    """A user or a workspace."""

    id = mf.Integer()
    value = mf.String(metadata={"description": "The user's address, or the workspace's name."})


class AuditActionTypeAnswer(Schema):
    """A type of actions."""

    id = mf.String()
    value = mf.String(metadata={"description": "What it is called."})


class _Page(Schema):
    """A window of a list."""

    count = mf.Integer()
    next = mf.String(allow_none=True)
    previous = mf.String(allow_none=True)


class AuditEntryPage(_Page):
    """A window of the entries."""

    results = mf.List(Nested(AuditEntryAnswer))


class AuditKnownPage(_Page):
    """A window of users or workspaces."""

    results = mf.List(Nested(AuditKnownAnswer))


class AuditActionTypePage(_Page):
    """All types that were asked for."""

    results = mf.List(Nested(AuditActionTypeAnswer))


class AuditExportAnswer(Schema):
    """The job that writes the file."""

    id = mf.Integer()
    type = mf.String()
    progress_percentage = mf.Integer()
    state = mf.String()
    human_readable_error = mf.String()
    csv_column_separator = mf.String()
    csv_first_row_header = mf.Boolean()
    export_charset = mf.String()
    filter_user_id = mf.Integer(allow_none=True)
    filter_workspace_id = mf.Integer(allow_none=True)
    filter_action_type = mf.String(allow_none=True)
    filter_from_timestamp = mf.DateTime(allow_none=True)
    filter_to_timestamp = mf.DateTime(allow_none=True)
    exclude_columns = mf.String(allow_none=True)
    created_on = mf.DateTime()
    exported_file_name = mf.String(allow_none=True)
    url = mf.String(allow_none=True, metadata={"description": "Where the file is, as long as it is there."})
