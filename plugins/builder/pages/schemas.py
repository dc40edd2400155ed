"""What clients send and get about pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields as mf

from plugin_api.schemas import Choice, Int, Items, List, Schema, Str, invalid
from plugins.builder.pages.paths import MAX_LENGTH

VISIBILITIES = ("all", "logged-in")
ROLE_TYPES = ("allow_all", "allow_all_except", "disallow_all_except")
_PARAM_TYPES = ("text", "numeric")
_PATH = re.compile(r"/[^\s?#]*")


class Path(Str):
    """The path of a page."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _PATH.fullmatch(text):
            raise invalid("invalid", "A path starts with a slash and has neither spaces nor ? or #.")
        return text


class ParamName(Str):
    """The name of a parameter, of the letters `pattern` allows."""

    def __init__(self, pattern: str, **kwargs: Any) -> None:
        super().__init__(required=True, max_length=255, **kwargs)
        self._pattern = re.compile(pattern, re.ASCII)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self._pattern.fullmatch(text):
            raise invalid("invalid", "A name of a parameter may have letters, digits and underscores only.")
        return text


class PathParam(Schema):
    """A parameter in the path, written `:name` there."""

    name = ParamName(r"\w+")
    type = Choice(_PARAM_TYPES, required=True)


class QueryParam(Schema):
    """A parameter after the path."""

    name = ParamName(r"[A-Za-z_][\w-]*")
    type = Choice(_PARAM_TYPES, required=True)


class Names(mf.Field[Any]):
    """Texts, such as the names of roles; a single one may stand alone."""

    default_error_messages = {**Str.default_error_messages}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        name = Str(max_length=255)
        return List(name).deserialize(value) if isinstance(value, list) else name.deserialize(value)


class NewPage(Schema):
    """A page to make."""

    name = Str(required=True, max_length=255)
    path = Path(required=True, max_length=MAX_LENGTH, metadata={"description": "Such as `/orders/:id`."})
    path_params = Items(PathParam, load_default=list)
    query_params = Items(QueryParam, load_default=list)


class ChangedPage(Schema):
    """What to change of a page."""

    name = Str(max_length=255)
    path = Path(max_length=MAX_LENGTH)
    path_params = Items(PathParam)
    query_params = Items(QueryParam)
    visibility = Choice(VISIBILITIES, metadata={"description": "Whether visitors must have signed in."})
    role_type = Choice(ROLE_TYPES, metadata={"description": "What `roles` are: let in, or kept out."})
    roles = Names(metadata={"description": "Names of roles of the site's users."})


class PageOrder(Schema):
    """Pages in the order they are to have."""

    page_ids = List(Int(), required=True)


class PageAnswer(Schema):
    """A page."""

    id = mf.Integer()
    name = mf.String()
    path = mf.String()
    path_params = mf.List(mf.Nested(PathParam))
    query_params = mf.List(mf.Nested(QueryParam))
    order = mf.Integer()
    builder_id = mf.Integer()
    shared = mf.Boolean(metadata={"description": "The page whose elements are shown on others; each builder has one."})
    visibility = mf.String()
    role_type = mf.String()
    roles = mf.Raw()


class DuplicatePageAnswer(Schema):
    """A job that copies a page; when it is finished it shows the copy."""

    id = mf.Integer()
    type = mf.String()
    progress_percentage = mf.Integer()
    state = mf.String()
    human_readable_error = mf.String()
    original_page = mf.Nested(PageAnswer)
    duplicated_page = mf.Nested(PageAnswer, allow_none=True)
