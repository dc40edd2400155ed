"""The pages about the instance: overview, plugins, jobs, settings."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from plugin_api.administration import Instance
from plugin_api.errors import ApiError
from plugin_api.platform import service
from plugins.admin_page import browser, paging, words
from plugins.admin_page.forms import attempt
from plugins.admin_page.rendering import refusal, render
from plugins.administration import dashboard

_STATES = {"running": ("running", "pending"), "failed": ("failed",), "ended": ("finished", "cancelled")}
_RUNNING_SHOWN = 100


def overview() -> Response:
    """How the instance is, and how it is used."""
    known = service(Instance)
    health = known.health()
    plugins = known.plugins()
    failed, _ = known.jobs(_STATES["failed"], 1, 0)
    waiting, _ = known.jobs(_STATES["running"], 1, 0)
    return render(
        "overview.html",
        health=health,
        passing=all(text == "ok" for text in health.values()),
        figures=dashboard.figures(),
        problems=known.problems(),
        off=[one for one in plugins if not one["active"]],
        faulty=[one for one in plugins if one["health"]["failures"] or one["health"]["slow"]],
        failed=failed,
        waiting=waiting,
    )


def plugins() -> Response:
    """All plugins."""
    known = service(Instance)
    return render("plugins.html", plugins=_found(known.plugins()), problems=known.problems(), search=_search())


def _search() -> str:
    return request.args.get("search", "").strip()


def _found(plugins: list[dict[str, Any]]) -> list[dict[str, Any]]:
    text = _search().lower()
    return [one for one in plugins if text in f"{one['name']} {one['title']} {one['description']}".lower()]


def plugin(name: str) -> Response:
    """A plugin: what it provides, what is in use, and what being off means."""
    known = {one["name"]: one for one in service(Instance).plugins()}
    if name not in known:
        raise ApiError("ERROR_PLUGIN_DOES_NOT_EXIST", 404, "There is no plugin of this name.")
    titles = {other: one["title"] for other, one in known.items()}
    needed = [one for one in known[name]["required_by"] if known[one]["active"]]
    return render("plugin.html", plugin=known[name], titles=titles, needed=needed)


def switch_plugin(name: str) -> Response:
    """Switch a plugin."""
    enabled = request.form.get("enabled") == "1"
    service(Instance).switch_plugin(name, enabled)
    return browser.see_other(f"/admin/plugins/{name}", f"The plugin is switched {'on' if enabled else 'off'}.")


def jobs() -> Response:
    """Jobs of everybody."""
    state = request.args.get("state", "running")
    state = state if state in _STATES else "running"
    number = paging.number()
    total, found = service(Instance).jobs(_STATES[state], paging.SIZE, (number - 1) * paging.SIZE)
    return render("jobs.html", jobs=found, state=state, pager=paging.Pager(number, total))


def cancel_job(job_id: int) -> Response:
    """Cancel a job."""
    service(Instance).cancel_job(job_id)
    return browser.see_other("/admin/jobs", "The job is cancelled; one that runs stops at its next step.")


def settings() -> Response:
    """The settings of the instance."""
    return render("settings.html", settings=service(Instance).settings())


def change_settings() -> Response:
    """Change them."""
    given: dict[str, Any] = {name: name in request.form for name, *_ in words.SETTINGS}
    for name in ("email_verification", "account_deletion_grace_delay"):
        given[name] = request.form.get(name, "")
    _, error = attempt(lambda: service(Instance).change_settings(given))
    if error is not None:
        shown = {**service(Instance).settings(), **given}
        return render("settings.html", error.status, settings=shown, **refusal(error))
    return browser.see_other("/admin/settings", "The settings are changed.")
