"""What the operations of visitors take and answer."""

from __future__ import annotations

from marshmallow import INCLUDE

from plugin_api.schemas import Bool, Choice, Dict, Int, List, Nested, Schema, Str
from plugins.form_view.field_options import JOINS, Condition, ConditionGroup
from plugins.form_view.settings import MODES, SUBMIT_ACTIONS


class AskedField(Schema):
    """The field of the table; its type adds settings of its own."""

    id = Int()
    name = Str()
    type = Str()


class Question(Schema):
    """A field the form asks for."""

    name = Str(metadata={"description": "What to ask; the field's name where nothing else was set."})
    description = Str()
    required = Bool()
    order = Int()
    field = Nested(AskedField)
    show_when_matching_conditions = Bool()
    condition_type = Choice(JOINS)
    conditions = List(Nested(Condition))
    condition_groups = List(Nested(ConditionGroup))
    field_component = Str()


class PublicForm(Schema):
    """A form as visitors see it."""

    title = Str()
    description = Str()
    mode = Choice(MODES)
    cover_image = Dict(allow_none=True)
    logo_image = Dict(allow_none=True)
    submit_text = Str()
    fields_ = List(Nested(Question), data_key="fields")
    show_logo = Bool()
    allow_public_export = Bool()


class SubmissionBody(Schema):
    """Values by `field_<id>`."""

    class Meta(Schema.Meta):
        unknown = INCLUDE


class Submitted(Schema):
    """What follows, and the row that was made."""

    submit_action = Choice(SUBMIT_ACTIONS)
    submit_action_message = Str()
    submit_action_redirect_url = Str()
    row_id = Int()
