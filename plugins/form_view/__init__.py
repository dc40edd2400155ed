"""The view type `form`: a page on which people who know its address fill in rows."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.events import EventHandler
from plugin_api.http import Blueprint
from plugin_api.views import ViewType
from plugins.notifications.types import NotificationType

plugin = Plugin(
    name="form_view",
    version="1.0",
    title="Form",
    description="Pages on which people who know their address fill in rows.",
    api=(1, 0),
    requires=("database", "views", "user_files", "notifications"),
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


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """Submissions."""
    from plugins.form_view.notifications import FormSubmitted

    return [FormSubmitted()]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Those who want to know of submissions are told."""
    from plugins.form_view.notifications import HANDLER

    return [HANDLER]
