"""The addresses of the pages, and who may see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from flask import Response, request

from plugin_api.administration import PageSessions
from plugin_api.db import UnitsOfWork
from plugin_api.errors import ApiError
from plugin_api.http import Blueprint
from plugin_api.platform import service
from plugins.admin_page import browser, instance, people, sections, signing
from plugins.admin_page.rendering import refusal, render


class Pages(Blueprint):
    """A blueprint whose addresses are no operations of the API."""

    def register_views_in_doc(self, *args: Any, **kwargs: Any) -> None:
        """There is nothing to document."""


pages = Pages("admin_page", __name__, url_prefix="/admin", description="Pages for administrators")
pages.after_request(browser.finish)

Page = Callable[..., Response]


def _within(page: Page, values: dict[str, Any]) -> Response:
    reading = request.method == "GET"
    return service(UnitsOfWork).run(lambda: page(**values), reading=reading)


def _shown(page: Page, values: dict[str, Any]) -> Response:
    """A page, or in words why there is none."""
    try:
        if request.method == "POST":
            browser.require_own_form()
        return _within(page, values)
    except ApiError as error:
        return _refused(error)


def _refused(error: ApiError) -> Response:
    def page() -> Response:
        service(PageSessions).enter(browser.session())
        return render("refused.html", error.status, **refusal(error))

    return _within(page, {})


def open_page(path: str, page: Page, *methods: str) -> None:
    """Serve a page to anybody."""

    @wraps(page)
    def view(**values: Any) -> Response:
        return _shown(page, values)

    pages.route(path, methods=list(methods), endpoint=page.__name__)(view)


def staff_page(path: str, page: Page, method: str = "GET") -> None:
    """Serve a page to signed-in staff; others sign in first."""

    def entered(**values: Any) -> Response:
        if not service(PageSessions).enter(browser.session()):
            wanted = request.full_path.rstrip("?") if request.method == "GET" else "/admin/"
            return browser.see_other(f"/admin/sign-in?next={quote(wanted)}")
        return page(**values)

    @wraps(page)
    def view(**values: Any) -> Response:
        return _shown(entered, values)

    pages.route(path, methods=[method], endpoint=page.__name__)(view)


_ASSETS = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def asset(name: str) -> Response:
    """A file the pages are made with; the address changes with the version."""
    if name not in _ASSETS:
        raise ApiError("URL_NOT_FOUND", 404, "There is no such page.")
    content = files(__package__).joinpath("assets", name).read_bytes()
    response = Response(content, content_type=_ASSETS[name])
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def nowhere(rest: str) -> Response:
    """Whatever else is asked for."""
    raise ApiError("URL_NOT_FOUND", 404, "There is no such page.")


open_page("/assets/<string:name>", asset, "GET")
open_page("/sign-in", signing.sign_in, "GET", "POST")
open_page("/password/<string:token>", signing.choose_password, "GET", "POST")
staff_page("/sign-out", signing.sign_out, "POST")
staff_page("/", instance.overview)
staff_page("/plugins", instance.plugins)
staff_page("/plugins/<string:name>", instance.plugin)
staff_page("/plugins/<string:name>", instance.switch_plugin, "POST")
staff_page("/jobs", instance.jobs)
staff_page("/jobs/<int:job_id>/cancel", instance.cancel_job, "POST")
staff_page("/settings", instance.settings)
staff_page("/settings", instance.change_settings, "POST")
staff_page("/users", people.users)
staff_page("/users", people.create_user, "POST")
staff_page("/users/new", people.new_user)
staff_page("/users/<int:user_id>", people.user)
staff_page("/users/<int:user_id>", people.change_user, "POST")
staff_page("/users/<int:user_id>/link", people.reset_link, "POST")
staff_page("/users/<int:user_id>/delete", people.delete_user, "POST")
staff_page("/workspaces", people.workspaces)
staff_page("/workspaces/<int:workspace_id>", people.workspace)
staff_page("/workspaces/<int:workspace_id>/delete", people.delete_workspace, "POST")
staff_page("/sections/<string:name>/", sections.section)
staff_page("/sections/<string:name>/<string:action>", sections.act, "POST")
open_page("/<path:rest>", nowhere, "GET")
