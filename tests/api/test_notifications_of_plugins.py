"""What plugins tell people: webhooks that were switched off, tables no longer synced, mentions in texts."""

from __future__ import annotations

from typing import Any

import pytest

from core.mail.message import Message
from plugins.data_sync.kinds import SyncError
from plugins.data_sync.periodic import MOST_FAILURES
from plugins.notifications.mails import send_mails
from tests import lab
from tests.api.test_data_sync_periodic import _due, synced
from tests.api.test_notifications import join, listed
from tests.api.test_webhooks import Table, receiver, table
from tests.outbox import deliver
from tests.receiver import Receiver
from tests.receiver import deliver as deliver_hooks
from tests.synced import Synced
from tests.tables import Database

__all__ = ["receiver", "synced", "table"]
MENTION = "user_mention_in_rich_text_field"


def told(who: Any, workspace_id: int, kind: str) -> list[dict[str, Any]]:
    """What somebody was told of a kind, the latest first."""
    deliver()
    return [one for one in listed(who, workspace_id) if one["type"] == kind]


def mailed(mailbox: list[Message]) -> str:
    """The text of the mails that are due."""
    send_mails()
    return "\n".join(message.text for message in mailbox)


def test_admins_hear_of_a_webhook_that_was_switched_off(
    table: Table, receiver: Receiver, instance: Any, make_user: Any, mailbox: list[Message]
) -> None:
    workspace_id, bob = table.database.workspace_id, make_user("Bob")
    join(table.api, workspace_id, bob, "BUILDER")
    instance(webhook_attempts=1, webhook_failures=1)
    hook = table.hook(receiver.url, "rows.created")
    receiver.answers(500)
    table.add("A")
    deliver_hooks()
    assert table.read(hook)["active"] is False
    [found] = told(table.api, workspace_id, "webhook_deactivated")
    assert (found["sender"], found["data"]) == (
        None,
        {
            "webhook_id": hook["id"],
            "webhook_name": "Hook",
            "table_id": table.id,
            "table_name": "People",
            "database_id": table.database.id,
            "database_name": "Database",
        },
    )
    assert told(bob, workspace_id, "webhook_deactivated") == []
    text = mailed(mailbox)
    assert 'The webhook "Hook" of People was switched off' in text and "failed too often" in text


def test_who_set_the_interval_hears_that_a_table_is_not_synced(synced: Synced, mailbox: list[Message]) -> None:
    lab.flock.rows = [SyncError("The loft is empty.")]
    for _ in range(MOST_FAILURES):
        _due(synced)
    [found] = told(synced.api, synced.base.workspace_id, "periodic_data_sync_deactivated")
    assert found["data"]["data_sync_id"] == synced.id and found["data"]["table_id"] == synced.table_id
    assert found["data"]["reason"].startswith("The loft is empty.")
    text = mailed(mailbox)
    assert "is no longer synced by itself" in text and "The loft is empty." in text


def test_admins_hear_of_it_when_that_account_may_not_any_more(synced: Synced, make_user: Any) -> None:
    workspace_id, bob = synced.base.workspace_id, make_user("Bob")
    join(synced.api, workspace_id, bob, "BUILDER")
    path = f"/api/data-sync/{synced.id}/periodic-interval/"
    assert bob.patch(path, {"interval": "HOURLY", "when": "00:15:30"})[0] == 200
    assert bob.post(f"/api/workspaces/{workspace_id}/leave/")[0] == 204
    assert _due(synced) == []
    [found] = told(synced.api, workspace_id, "periodic_data_sync_deactivated")
    assert "may not do that any more" in found["data"]["reason"]


class TestMentions:
    """People who are mentioned in texts."""

    @pytest.fixture
    def bob(self, make_user: Any) -> Any:
        """Somebody else."""
        return make_user("Bob")

    @pytest.fixture
    def base(self, api: Any, bob: Any) -> Database:
        """A database that both share."""
        made = Database(api)
        join(api, made.workspace_id, bob, "VIEWER")
        return made

    def test_who_is_mentioned_is_told_once(self, base: Database, bob: Any, mailbox: list[Message]) -> None:
        tasks = base.table("Tasks", [["Name"], ["Paint"]])
        notes = base.add_field(tasks, "Notes", "long_text", long_text_enable_rich_text=True)
        row, at = f"/api/database/rows/table/{tasks}/1/", f"@{bob.user['id']}"
        me = f"@{base.api.user['id']}"
        assert base.api.patch(row, {f"field_{notes}": f"**Ask** {at}, not {me}."})[0] == 200
        [found] = told(bob, base.workspace_id, MENTION)
        assert found["sender"]["first_name"] == "Ada" and found["data"] == {
            "row_id": 1,
            "row_name": "Paint",
            "field_id": notes,
            "field_name": "Notes",
            "table_id": tasks,
            "table_name": "Tasks",
            "database_id": base.id,
            "database_name": "Database",
        }
        assert told(base.api, base.workspace_id, MENTION) == []
        base.api.patch(row, {f"field_{notes}": f"Ask {at} again."})
        assert len(told(bob, base.workspace_id, MENTION)) == 1
        base.api.patch(row, {f"field_{notes}": "Nobody."})
        base.api.patch(row, {f"field_{notes}": f"{at}!"})
        assert len(told(bob, base.workspace_id, MENTION)) == 2
        assert "Ada mentioned you in Notes of Paint in Tasks" in mailed(mailbox)

    @pytest.mark.parametrize("text", ["mail{0}", "{0}5", "@{0}", "{0}a", ""])
    def test_what_is_no_mention(self, base: Database, bob: Any, text: str) -> None:
        tasks = base.table("Tasks", [["Name"], ["Paint"]])
        notes = base.add_field(tasks, "Notes", "long_text", long_text_enable_rich_text=True)
        value = {f"field_{notes}": text.format(f"@{bob.user['id']}")}
        assert base.api.patch(f"/api/database/rows/table/{tasks}/1/", value)[0] == 200
        assert told(bob, base.workspace_id, MENTION) == []

    def test_only_in_texts_with_formatting_and_only_of_members(self, base: Database, bob: Any, make_user: Any) -> None:
        carol = make_user("Carol")
        tasks = base.table("Tasks", [["Name"], ["Paint"]])
        plain = base.add_field(tasks, "Plain", "long_text")
        notes = base.add_field(tasks, "Notes", "long_text", long_text_enable_rich_text=True)
        row = f"/api/database/rows/table/{tasks}/1/"
        assert base.api.patch(row, {f"field_{plain}": f"@{bob.user['id']}"})[0] == 200
        assert base.api.patch(row, {f"field_{notes}": f"@{carol.user['id']} @{10**17}"})[0] == 200
        assert told(bob, base.workspace_id, MENTION) == []
        join(base.api, base.workspace_id, carol, "VIEWER")
        assert told(carol, base.workspace_id, MENTION) == []
