"""Signing in and out, and choosing a new password by a link."""

from __future__ import annotations

from flask import Response, request

from plugin_api.administration import AccountAdministration, PageSessions
from plugin_api.errors import ApiError
from plugin_api.http import load_value
from plugin_api.platform import service
from plugin_api.schemas import NewPassword, Schema
from plugins.admin_page import browser
from plugins.admin_page.forms import attempt
from plugins.admin_page.rendering import refusal, render


class PasswordBody(Schema):
    """A new password."""

    password = NewPassword(required=True)


def sign_in() -> Response:
    """The form, and what comes of it."""
    wanted = browser.own_path(request.values.get("next", ""))
    if request.method == "GET":
        inside = service(PageSessions).enter(browser.session())
        return browser.see_other(wanted) if inside else render("sign_in.html", next=wanted, email="")
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    begun, error = attempt(lambda: service(PageSessions).begin(email, password))
    if begun is None:
        assert error is not None
        return _sign_in_refused(error, wanted, email)
    response = browser.see_other(wanted)
    browser.keep_session(response, begun)
    return response


def _sign_in_refused(error: ApiError, wanted: str, email: str) -> Response:
    shown = refusal(error)
    if error.code == "ERROR_STAFF_ONLY":
        shown = {"error": "This account is not an administrator's."}
    response = render("sign_in.html", error.status, next=wanted, email=email, **shown)
    response.headers.update(error.headers)
    return response


def sign_out() -> Response:
    """End the session, here and wherever its cookie was copied to."""
    service(PageSessions).end(browser.session())
    response = browser.see_other("/admin/sign-in", "You are signed off.")
    browser.keep_session(response, "")
    return response


def choose_password(token: str) -> Response:
    """The form to choose a new password with, and what comes of it."""
    if request.method == "GET":
        return render("password.html")
    accounts = service(AccountAdministration)

    def choose() -> bool:
        body = load_value(PasswordBody(), {"password": request.form.get("password", "")})
        accounts.choose_password(token, body["password"])
        return True

    _, error = attempt(choose)
    if error is not None:
        return render("password.html", error.status, **refusal(error))
    return render("password_set.html")
