"""The page for administrators: the licences, who has a seat, and registering further ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from plugin_api.administration import AdminSection, Instance
from plugin_api.errors import ApiError
from plugin_api.http import load_value
from plugin_api.platform import service as provided
from plugin_api.schemas import as_int
from plugin_api.settings import setting
from plugins.licenses import keys, service, store
from plugins.licenses.routes import LicenseBody
from plugins.licenses.store import Found

_SHOWN = 100


def check_keys() -> None:
    """Raise when a file of the setting is no public key."""
    wrong = keys.problems(tuple(setting("license_public_keys")))
    if wrong:
        raise RuntimeError("; ".join(wrong))


def _values() -> Mapping[str, Any]:
    found = store.every()
    shown, users = store.shown(found), store.first_users(_SHOWN)
    for one, values in zip(found, shown, strict=True):
        values["title"] = one.product.title if one.product else f"Feature {one.licence.product_code}"
        values["state"] = _state(one)
        values["instance_wide"] = one.instance_wide
        values["users"] = users.get(one.row.id, [])
    return {"licenses": shown, "mode": setting("license_mode"), "instance_id": provided(Instance).instance_id()}


def _state(one: Found) -> str:
    """In a word or two whether it counts, or why not."""
    now = datetime.now(UTC)
    if one.counts:
        return "Counts"
    if now < one.licence.valid_from:
        return "Not yet"
    return "Ended" if one.licence.valid_through < now else "Key unknown"


def _register(form: Mapping[str, str]) -> str:
    body = load_value(LicenseBody(), {"license": form.get("license", "")})
    made = service.register(body["license"])
    return f"The licence for {made['product_code']} is registered."


def _acting(work: Callable[[int], Any], told: str) -> Callable[[Mapping[str, str]], str]:
    """A form about one licence."""

    def act(form: Mapping[str, str]) -> str:
        work(as_int(form.get("id")) or 0)
        return told

    return act


def _remove(form: Mapping[str, str]) -> str:
    if not form.get("sure"):
        raise ApiError("ERROR_NOT_SURE", 400, "Nothing was removed: mark first that you are sure.")
    service.remove(as_int(form.get("id")) or 0)
    return "The licence is removed."


def _add(form: Mapping[str, str]) -> str:
    person = service.add_user(as_int(form.get("id")) or 0, _user_id(form.get("email", "")))
    return f"{person['first_name']} has a seat."


def _user_id(email: str) -> int:
    found = store.user_by_email(email.strip().lower())
    if found is None:
        raise ApiError("ERROR_USER_NOT_FOUND", 400, "Nobody has an account with this address.")
    return found


def _take(form: Mapping[str, str]) -> str:
    service.remove_user(as_int(form.get("id")) or 0, as_int(form.get("user")) or 0)
    return "The seat is free."


SECTION = AdminSection(
    type="licenses",
    title="Licences",
    template="plugins.licenses:licenses.html",
    values=_values,
    actions={
        "register": _register,
        "check": _acting(service.check, "The licence is checked."),
        "fill": _acting(service.fill, "The seats are filled as far as there are people."),
        "clear": _acting(service.remove_all, "Nobody has a seat any more."),
        "add": _add,
        "take": _take,
        "remove": _remove,
    },
)
