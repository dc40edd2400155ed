"""The page for administrators: the entries, the newest first, filters for them, and exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request

from plugin_api.administration import AdminSection
from plugin_api.dates import parse_date
from plugin_api.errors import body_invalid, problem
from plugin_api.settings import setting
from plugins.audit_log import jobs, kinds, people, schemas, service, store
from plugins.audit_log.models import Entry
from plugins.audit_log.operations import require_reader
from plugins.audit_log.store import Wanted

SIZE = 50
_FIELDS = ("user", "workspace", "action_type", "from", "to")

Problems = dict[str, list[Any]]
Form = Mapping[str, str]


def _values() -> Mapping[str, Any]:
    """What the page shows."""
    require_reader(None)
    form = {name: request.args.get(name, "").strip() for name in _FIELDS}
    wanted, problems = _read(form)
    found, links = ([], {}) if problems else _page(wanted, form)
    return {
        "form": form,
        "errors": {name: " ".join(str(one["error"]) for one in told) for name, told in problems.items()},
        "entries": [_shown(entry) for entry in found],
        "links": links,
        "filtered": any(form.values()),
        "kinds": kinds.everything(),
        "exports": [_export_shown(job) for job in jobs.own_exports()],
        "days": setting("audit_log_keep_days"),
        "minutes": setting("export_file_minutes"),
    }


def _read(form: Form) -> tuple[Wanted, Problems]:
    """Which entries a form asks for, and what is wrong with it."""
    problems: Problems = {}
    action_type = form.get("action_type") or None
    if action_type is not None and action_type not in kinds.known():
        problems["action_type"] = [problem("invalid_choice", "There is no such kind of action.")]
    wanted = Wanted(
        user_id=_one(form, "user", people.user_ids, "Nobody has, or had, this address or number.", problems),
        workspace_id=_one(form, "workspace", people.workspace_ids, "No workspace is, or was, called so.", problems),
        action_type=action_type,
        from_timestamp=_day(form, "from", problems),
        to_timestamp=_day(form, "to", problems, end=True),
    )
    return wanted, problems


def _one(form: Form, name: str, find: Callable[[str], Sequence[int]], nobody: str, problems: Problems) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    found = find(text)
    if len(found) != 1:
        several = f"There are several, with the numbers {', '.join(map(str, found[:10]))}: enter one of these."
        problems[name] = [problem("invalid", several if found else nobody)]
        return None
    return found[0]


def _day(form: Form, name: str, problems: Problems, end: bool = False) -> datetime | None:
    """The beginning of a day in UTC, or its end."""
    text = form.get(name, "").strip()
    if not text:
        return None
    day = parse_date(text)
    if day is None or not 1970 <= day.year < 9999:
        problems[name] = [problem("invalid", "Enter a day such as 2024-12-31.")]
        return None
    moment = datetime.combine(day, time(), UTC)
    return moment + timedelta(days=1, microseconds=-1) if end else moment


def _page(wanted: Wanted, form: Form) -> tuple[Sequence[Entry], Mapping[str, str]]:
    """The entries of a page, and where the pages beside it are."""
    before, after = _place("before"), _place("after")
    newer = after is not None
    found = list(store.next_to(wanted, after or before, newer, SIZE + 1))
    more = len(found) > SIZE
    shown = (found[1:] if newer else found[:SIZE]) if more else found
    links = {"newer": "", "older": ""}
    if shown and (more if newer else before is not None):
        links["newer"] = _address(form, after=_name(shown[0]))
    if shown and (newer or more):
        links["older"] = _address(form, before=_name(shown[-1]))
    return shown, links


def _place(name: str) -> tuple[datetime, int] | None:
    """The entry next to which the page begins; none for what cannot be read."""
    moment, _, number = request.args.get(name, "").rpartition("_")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), int(number[:18])
    except (ValueError, OverflowError):
        return None


def _name(entry: Entry) -> str:
    return f"{entry.created_on.astimezone(UTC).isoformat()}_{entry.id}"


def _address(form: Form, **more: str) -> str:
    """The page's address with these filters."""
    return "?" + urlencode({name: value for name, value in {**form, **more}.items() if value})


def _shown(entry: Entry) -> dict[str, Any]:
    links = {"user": entry.user_id, "workspace": entry.workspace_id}
    return {
        **service.entry_json(entry),
        **{f"{name}_link": _address({name: str(found)}) if found else "" for name, found in links.items()},
        "request_id": entry.request_id,
    }


def _export_shown(job: Mapping[str, Any]) -> dict[str, Any]:
    filters = [job[f"filter_{name}"] for name in ("user_id", "workspace_id", "action_type")]
    filtered = any(value is not None for value in filters)
    return {**job, "created_on": datetime.fromisoformat(job["created_on"]), "filtered": filtered}


def _export(form: Form) -> str:
    """Start an export of what the page shows."""
    wanted, problems = _read(form)
    if problems:
        raise body_invalid(problems)
    filters = ("user_id", "workspace_id", "action_type", "from_timestamp", "to_timestamp")
    given = {f"filter_{name}": getattr(wanted, name) for name in filters}
    jobs.start({**schemas.AuditExportBody().load({}), **given})
    return "The export is begun. Load this page again in a moment: the file is listed at its end."


SECTION = AdminSection(
    type="audit_log",
    title="Audit log",
    template="plugins.audit_log:audit_log.html",
    values=_values,
    actions={"export": _export},
)
