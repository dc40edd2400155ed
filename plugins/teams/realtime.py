"""What open pages learn of teams: those whose role may be another now are asked about anew."""

from __future__ import annotations

from collections.abc import Iterable

from plugin_api.events import Event
from plugin_api.realtime import RealtimeMessages, Recheck, Told, Users


def _rechecks(event: Event) -> Iterable[Told]:
    return [Recheck(Users(event.payload["user_ids"]))] if event.payload["user_ids"] else []


TEAM_MESSAGES = RealtimeMessages("teams", ("team_created", "team_updated", "team_deleted", "team_restored"), _rechecks)
