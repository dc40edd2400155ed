"""Pages made of templates, which escape whatever they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from flask import Response, request
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from plugin_api import context
from plugin_api.administration import AdminSection
from plugin_api.states import active
from plugins.admin_page import browser, words

_OWN = "plugins.admin_page"
_NAV = (
    ("/admin/", "Overview"),
    ("/admin/plugins", "Plugins"),
    ("/admin/users", "Users"),
    ("/admin/workspaces", "Workspaces"),
    ("/admin/jobs", "Jobs"),
    ("/admin/settings", "Settings"),
)


class Entered(dict[str, Any]):
    """Values of a form by field; empty where there is none."""

    def __missing__(self, key: str) -> str:
        return ""


def _source(name: str) -> tuple[str, str, Callable[[], bool]] | None:
    package, _, file = name.rpartition(":")
    found = files(_OWN if package in ("", "admin_page") else package).joinpath("templates", file)
    return (found.read_text("utf-8"), name, lambda: True) if found.is_file() else None


def _moment(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC") if value else "never"


_templates = Environment(
    loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_templates.filters["moment"] = _moment
_templates.filters["number"] = lambda value: f"{value:,}".replace(",", "\u202f")
_templates.globals["words"] = words
_templates.globals["parts"] = _templates.get_template("parts.html").module


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="form_token" value="{}">').format(browser.form_token())


def render(template: str, status: int = 200, **values: Any) -> Response:
    """The page of a template."""
    sections: list[AdminSection] = active("admin_sections")
    nav = [*_NAV, *((f"/admin/sections/{one.type}/", one.title) for one in sections)]
    shown = {
        "nav": nav,
        "here": _here(request.path, [path for path, _ in nav]),
        "me": context.actor(),
        "told": browser.told(),
        "errors": {},
        "error": "",
        "csrf_field": _csrf_field,
        **values,
    }
    shown |= {name: Entered(shown[name]) for name in ("errors", "form") if name in shown}
    text = _templates.get_template(template).render(shown)
    return Response(text, status, content_type="text/html; charset=utf-8")


def _here(path: str, known: list[str]) -> str:
    """Which entry of the navigation the page belongs to."""
    fitting = [one for one in known if path == one or (one != "/admin/" and path.startswith(one.rstrip("/") + "/"))]
    return max(fitting, key=len, default="")


def refusal(error: Any) -> dict[str, Any]:
    """What a page shows of an ApiError: one text for all, or texts by field."""
    detail = error.detail
    if not isinstance(detail, Mapping):
        return {"error": str(detail)}
    texts = {str(key): " ".join(_texts(found)) for key, found in detail.items()}
    return {"error": "Please look at the marked fields.", "errors": texts}


def _texts(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        return [str(found["error"])] if "error" in found else [text for one in found.values() for text in _texts(one)]
    return [text for one in found for text in _texts(one)] if isinstance(found, list) else [str(found)]
