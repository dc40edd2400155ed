"""What is recorded under the names the audit log knows, though it changes no data that could be undone."""

from __future__ import annotations

from typing import Any

from core.mail.message import Message
from tests.ai import ModelServer
from tests.api.test_accounts_mail import BASE, SEND, SEND_VERIFY, VERIFY, _token, verification
from tests.api.test_ai_formulas import WISH, base, model, path
from tests.api.test_data_sync_periodic import synced
from tests.synced import Synced
from tests.tables import Database, recorded

__all__ = ["base", "model", "path", "synced", "verification"]


def _last(who: Any) -> dict[str, Any]:
    return recorded("action", who, "params")[-1]


def test_mails_that_let_people_in(api: Any, anonymous: Any, mailbox: list[Message], verification: Any) -> None:
    email = api.user["username"]
    anonymous.post(SEND, {"email": email, "base_url": BASE})
    assert _last(api) == {"type": "send_reset_user_password", "email": email}
    verification("recommended")
    mailbox.clear()
    anonymous.post(SEND_VERIFY, {"email": email})
    assert _last(api) == {"type": "send_verify_email", "email": email}
    assert anonymous.post(VERIFY, {"token": _token(mailbox[0])})[0] in (200, 204)
    assert [one["type"] for one in recorded("action", api, "params")][-2:] == ["send_verify_email", "verify_email"]


def test_mails_that_are_not_sent_are_not_recorded(api: Any, anonymous: Any, mailbox: list[Message]) -> None:
    before = recorded("action", api, "params")
    anonymous.post(SEND_VERIFY, {"email": api.user["username"]})  # nothing is to be verified here
    anonymous.post(SEND, {"email": "nobody@example.com", "base_url": BASE})
    assert mailbox == [] and recorded("action", api, "params") == before


def test_an_export(api: Any) -> None:
    made = Database(api)
    table = made.table("People", [["Name"], ["Ann"]])
    job = api.post(f"/api/database/export/table/{table}/", {"exporter_type": "csv"})
    made.run(job)
    about = {"table_id": table, "table_name": "People", "view_id": None, "view_name": None, "export_type": "csv"}
    assert _last(api) == {"type": "export_table", **about}


def test_a_formula_of_a_model(api: Any, path: str, model: ModelServer) -> None:
    model.reply = lambda prompt: '{"formula": "1"}'
    assert api.post(path, WISH)[0] == 200
    found = _last(api)
    assert (found["type"], found["table_name"], found["ai_model"]) == ("generate_formula_with_ai", "T", "small")


def test_when_a_table_is_synced(synced: Synced) -> None:
    found = _last(synced.api)
    assert (found["type"], found["interval"]) == ("update_periodic_data_sync_interval", "HOURLY")
    assert found["data_sync_id"] == synced.id
