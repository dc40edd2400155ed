"""What clients may set of a builder besides its name, its pages and its theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from marshmallow import fields as mf

from plugin_api.db import session
from plugin_api.errors import body_invalid, problem
from plugin_api.schemas import Choice, Int, Items, Nested, Schema, Str, Url
from plugins.builder.context import lock
from plugins.builder.models import Builder, Page
from plugins.user_files.images import ImageFile

_SCRIPT = {"url": "", "load_type": "", "crossorigin": ""}
_LONGEST_CODE = 200_000
NO_CODE = {"css": "", "js": ""}


class CustomCode(Schema):
    """Code of the builder's own, on all its pages."""

    css = Str(allow_blank=True, trim=False, max_length=_LONGEST_CODE)
    js = Str(allow_blank=True, trim=False, max_length=_LONGEST_CODE)


class Script(Schema):
    """A stylesheet or script from elsewhere."""

    id = mf.Integer(dump_only=True)
    type = Choice(("stylesheet", "javascript"), required=True)
    url = Url(required=True, max_length=200)
    load_type = Choice(("", "defer", "async"))
    crossorigin = Choice(("", "anonymous", "credentials"))


class BuilderSettings(Schema):
    """Settings of a builder."""

    login_page_id = Int(allow_none=True, metadata={"description": "Where visitors sign in: one of its pages."})
    favicon_file = ImageFile(
        allow_none=True, metadata={"type": "object", "description": "An uploaded image, given by its `name`."}
    )
    custom_code = Nested(CustomCode)
    scripts = Items(Script)


def change(builder_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store settings; answers what they were."""
    lock(builder_id)
    row = session().get_one(Builder, builder_id, populate_existing=True)
    before = {name: getattr(row, name) for name in values}
    if "custom_code" in before:
        before["custom_code"] = {**NO_CODE, **row.custom_code}
    if values.get("login_page_id") is not None:
        _refuse_strange_page(builder_id, values["login_page_id"])
    for name, value in values.items():
        setattr(row, name, _stored(row, name, value))
    session().flush()
    return before


def _refuse_strange_page(builder_id: int, page_id: int) -> None:
    wanted = sa.select(Page.id).where(
        Page.id == page_id, Page.application_id == builder_id, ~Page.shared, Page.trashed_on.is_(None)
    )
    if session().scalar(wanted) is None:
        message = "The login page must be a page of the builder, and not the shared one."
        raise body_invalid({"login_page_id": [problem("invalid_login_page_id", message)]})


def numbered(scripts: Sequence[Mapping[str, Any]], last: int = 0) -> list[dict[str, Any]]:
    """Scripts as they are kept, with ids that follow the last one."""
    return [{"id": last + number, **_SCRIPT, **script} for number, script in enumerate(scripts, 1)]


def _stored(row: Builder, name: str, value: Any) -> Any:
    if name == "custom_code":
        return {**row.custom_code, **value}
    if name == "scripts":
        return numbered(value, max((script["id"] for script in row.scripts), default=0))
    return value
