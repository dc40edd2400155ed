"""The pages plugins add."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from plugin_api.administration import AdminSection
from plugin_api.errors import ApiError
from plugin_api.states import active
from plugins.admin_page import browser
from plugins.admin_page.forms import attempt
from plugins.admin_page.rendering import refusal, render


def _find(name: str) -> AdminSection:
    for found in active("admin_sections"):
        if found.type == name:
            section: AdminSection = found
            return section
    raise ApiError("URL_NOT_FOUND", 404, "There is no such page.")


def _render(found: AdminSection, status: int = 200, **more: Any) -> Response:
    address = f"/admin/sections/{found.type}/"
    values = {"title": found.title, "action_url": lambda action: address + action, **found.values(), **more}
    return render(found.template, status, **values)


def section(name: str) -> Response:
    """The page of a plugin."""
    return _render(_find(name))


def act(name: str, action: str) -> Response:
    """What a form on it asks for."""
    found = _find(name)
    if action not in found.actions:
        raise ApiError("URL_NOT_FOUND", 404, "There is no such page.")
    told, error = attempt(lambda: found.actions[action](request.form.to_dict()))
    if error is not None:
        return _render(found, error.status, **refusal(error))
    return browser.see_other(f"/admin/sections/{found.type}/", told or "Done.")
