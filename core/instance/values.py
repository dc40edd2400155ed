"""The instance settings: each with its check and default, declared once; kept in one row of the database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from marshmallow import fields as mf
from sqlalchemy.dialects.postgresql import insert

from core.db.models import InstanceSettings
from core.settings import Settings
from plugin_api import actions
from plugin_api.db import session
from plugin_api.platform import service
from plugin_api.schemas import Bool, Choice, Int, Schema, invalid

NO_VERIFICATION, RECOMMENDED, ENFORCED = "no_verification", "recommended", "enforced"
_ROW = 1


class EmailVerification(Choice):
    """How far e-mail addresses are verified; null is no choice either."""

    default_error_messages = {"null": [{"error": "This field may not be null.", "code": "invalid_choice"}]}


class Logo(mf.Field[Any]):
    """The co-branding logo: null for none."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise invalid("invalid_value", 'Expected a user file, as in {"name": "..."}.')
        raise invalid("invalid_user_file", "There is no user file of this name.")


class InstanceValues(Schema):
    """The settings themselves. `load_default` is the value of an instance that never changed it."""

    allow_new_signups = Bool(load_default=True)
    allow_signups_via_workspace_invitations = Bool(load_default=True)
    allow_reset_password = Bool(load_default=True)
    allow_global_workspace_creation = Bool(load_default=True)
    account_deletion_grace_delay = Int(
        min_value=0, max_value=32767, load_default=lambda: service(Settings).user_deletion_grace_days
    )
    show_admin_signup_page = Bool(load_default=True)
    track_workspace_usage = Bool(load_default=False)
    show_baserow_help_request = Bool(load_default=True)
    co_branding_logo = Logo(load_default=None, allow_none=True)
    email_verification = EmailVerification([NO_VERIFICATION, RECOMMENDED, ENFORCED], load_default=NO_VERIFICATION)
    verify_import_signature = Bool(load_default=True)


_defaults = InstanceValues()


def values() -> dict[str, Any]:
    """All settings with their values: one query."""
    kept = session().scalar(sa.select(InstanceSettings.__table__.c["values"]).where(InstanceSettings.id == _ROW))
    return {**_defaults.load({}), **(kept or {})}


def change(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change some settings, already checked; answers all of them."""
    if changes:
        _ensure_row()
        table = InstanceSettings.__table__
        merged = table.c["values"].op("||")(sa.cast(dict(changes), table.c["values"].type))
        session().execute(sa.update(InstanceSettings).where(InstanceSettings.id == _ROW).values({"values": merged}))
    return values()


def change_and_record(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same by the acting user, on the record."""
    changed = change(changes)
    if changes:
        actions.record("update_settings", scope="root", workspace_id=None, params={"changed": sorted(changes)})
    return changed


def instance_id() -> str:
    """The id of this instance, made when it is first asked for."""
    _ensure_row()
    return str(session().scalar(sa.select(InstanceSettings.instance_id).where(InstanceSettings.id == _ROW)))


def _ensure_row() -> None:
    row = insert(InstanceSettings).values(id=_ROW, instance_id=uuid.uuid4().hex, values={})
    session().execute(row.on_conflict_do_nothing())
