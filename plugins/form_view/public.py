"""Forms as visitors see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from plugin_api.fields import Field
from plugins.database.fields.store import public_type_json
from plugins.database.guard import closed_in_forms
from plugins.database.shape import TableShape, shape_of
from plugins.form_view.conditions import CONDITIONS, GROUPS, living
from plugins.form_view.field_options import FormFieldOptions, can_ask
from plugins.form_view.settings import IMAGES, shown_image
from plugins.views.context import FIELD_OPTIONS, ViewContext
from plugins.views.sharing import shared_view
from plugins.views.store import defaults

TYPE = "form"
_TEXTS = ("title", "description", "mode", "submit_text")
_AS_SET = ("description", "required", "order")
_ASKING = ("show_when_matching_conditions", "condition_type", GROUPS, "field_component")


@dataclass(frozen=True)
class Asked:
    """A field a form asks for, and how."""

    field: Field
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """A form whose visitor may use it; `settings` with their defaults."""

    found: ViewContext
    shape: TableShape
    settings: Mapping[str, Any]
    asked: tuple[Asked, ...]


def open_form(slug: str, missing: str, locked: str) -> Form:
    """The form of an address, with the fields it asks for in their order: one query when the shape is known.

    404 (as `missing`) when there is none the acting user may see, 401 (`locked`) when it wants a password.
    """
    found = shared_view(slug, TYPE, missing, (FIELD_OPTIONS,), locked)
    shape = shape_of(found.table)
    return Form(found, shape, {**defaults(found.kind), **found.view.options}, _asked(found, shape))


def form_of(slug: str) -> Form:
    """The form of an address, for reading it and filling it in."""
    return open_form(slug, "form", "ERROR_NO_PERMISSION_TO_PUBLICLY_SHARED_FORM")


def _asked(found: ViewContext, shape: TableShape) -> tuple[Asked, ...]:
    usual, kept = FormFieldOptions().load({}), found.parts[FIELD_OPTIONS]
    closed = closed_in_forms(shape)
    open_fields = [field for field in shape.fields if can_ask(field) and field.id not in closed]
    chosen = [Asked(field, {**usual, **kept.get(str(field.id), {})}) for field in open_fields]
    asked = [one for one in chosen if one.options["enabled"]]
    return tuple(sorted(asked, key=lambda one: (one.options["order"], one.field.id)))


def read_form(slug: str) -> dict[str, Any]:
    """A form as visitors see it."""
    form = form_of(slug)
    view = form.found.view
    return {
        **{name: form.settings[name] for name in _TEXTS},
        **{name: shown_image(form.settings, name) for name in IMAGES},
        "fields": [_question(one, form.shape.by_id) for one in form.asked],
        "show_logo": view.show_logo,
        "allow_public_export": view.allow_public_export,
    }


def _question(asked: Asked, fields: Mapping[int, Field]) -> dict[str, Any]:
    field, options = asked.field, asked.options
    offered = field if options["include_all_select_options"] else _limited(field, options["allowed_select_options"])
    return {
        "name": options["name"] or field.name,
        **{name: options[name] for name in _AS_SET},
        "field": {"id": field.id, "name": field.name, "type": field.type, **public_type_json(offered)},
        **{name: options[name] for name in _ASKING},
        CONDITIONS: living(options, fields),
    }


def _limited(field: Field, allowed: list[int]) -> Field:
    return replace(field, select_options=tuple(one for one in field.select_options if one.id in allowed))
