"""The pages about users and workspaces."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from plugin_api.administration import AccountAdministration
from plugin_api.errors import ApiError
from plugin_api.http import load_value
from plugin_api.platform import service
from plugins.admin_page import browser, paging
from plugins.admin_page.forms import attempt
from plugins.admin_page.rendering import refusal, render
from plugins.administration import schemas
from plugins.administration import users as of_users
from plugins.administration import workspaces as of_workspaces

_SORTS = ("+name", "-name", "+username", "-username", "+date_joined", "-date_joined", "+last_login", "-last_login")


def users() -> Response:
    """A page of the users."""
    number, search, sorts = paging.number(), request.args.get("search", "").strip(), request.args.get("sorts", "")
    chosen = sorts if sorts in _SORTS else "+name"
    total, found = of_users.page(search, chosen, paging.SIZE, (number - 1) * paging.SIZE)
    pager = paging.Pager(number, total)
    return render("users.html", users=found, search=search, sorts=chosen, pager=pager, with_query=paging.with_query)


def new_user() -> Response:
    """The form for a new user."""
    return render("new_user.html", form={})


def create_user() -> Response:
    """Make a user."""
    given = {**_given("username", "name", "password"), "is_staff": "is_staff" in request.form}
    made, error = attempt(lambda: of_users.create(load_value(schemas.NewUserBody(), given)))
    if made is None:
        assert error is not None
        return render("new_user.html", error.status, form=given, **refusal(error))
    return browser.see_other(f"/admin/users/{made['id']}", f"{made['name']} can sign in now.")


def _given(*names: str) -> dict[str, Any]:
    return {name: request.form.get(name, "") for name in names}


def user(user_id: int) -> Response:
    """A user."""
    found = _user(user_id)
    return render("user.html", user=found, form=found)


def _user(user_id: int) -> dict[str, Any]:
    try:
        return of_users.one(user_id)
    except ApiError as error:
        raise ApiError(error.code, 404, error.detail) from error


def change_user(user_id: int) -> Response:
    """Change a user; of oneself what could shut one out is not asked for."""
    given = {key: value for key, value in _given("username", "name", "password").items() if value or key != "password"}
    if "own" not in request.form:
        given |= {name: name in request.form for name in ("is_active", "is_staff")}
    changed, error = attempt(lambda: of_users.change(user_id, load_value(schemas.ChangedUserBody(), given)))
    if changed is None:
        assert error is not None
        found = _user(user_id)
        return render("user.html", error.status, user=found, form={**found, **given}, **refusal(error))
    return browser.see_other(f"/admin/users/{user_id}", "The changes are kept.")


def reset_link(user_id: int) -> Response:
    """Make a link for a new password, and show it once."""
    mail = "mail" in request.form
    link = service(AccountAdministration).reset_link(user_id, "admin/password", mail)
    text = "The link is mailed. You can also hand it over yourself:" if mail else "Hand this link over yourself:"
    return browser.see_other(f"/admin/users/{user_id}", f"{text} it is good once, for 24 hours.", link)


def delete_user(user_id: int) -> Response:
    """Delete a user."""
    found = _user(user_id)
    _require_sure()
    of_users.delete(user_id)
    return browser.see_other("/admin/users", f"{found['name']} is deleted.")


def _require_sure() -> None:
    if "sure" not in request.form:
        raise ApiError("ERROR_NOT_SURE", 400, "Nothing was deleted: say that you are sure by checking the box.")


def workspaces() -> Response:
    """A page of the workspaces."""
    number, search = paging.number(), request.args.get("search", "").strip()
    total, found = of_workspaces.page(search, "+name", paging.SIZE, (number - 1) * paging.SIZE)
    return render("workspaces.html", workspaces=found, search=search, pager=paging.Pager(number, total))


def workspace(workspace_id: int) -> Response:
    """A workspace."""
    return render("workspace.html", workspace=of_workspaces.one(workspace_id))


def delete_workspace(workspace_id: int) -> Response:
    """Delete a workspace for good."""
    found = of_workspaces.one(workspace_id)
    _require_sure()
    of_workspaces.delete(workspace_id)
    return browser.see_other("/admin/workspaces", f"The workspace “{found['name']}” is deleted.")
