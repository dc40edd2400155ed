"""The view type `form`: a page on which people who know its address fill in rows."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.views import ViewType

plugin = Plugin(
    name="form_view",
    version="1.0",
    title="Form",
    description="Pages on which people who know their address fill in rows.",
    api=(1, 0),
    requires=("database", "views", "user_files"),
)


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `form`."""
    from plugins.form_view.view import FormView

    return [FormView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """What visitors of a form do."""
    from plugins.form_view.routes import forms

    return [forms]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Filling in a form."""
    from plugins.form_view.submission import SUBMIT_FORM

    return [ActionType(SUBMIT_FORM, 'Row %(row_id)s came through the form "%(form_name)s"')]
