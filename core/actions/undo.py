"""Undoing and redoing the acting user's latest actions, by client session and scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError

from core.actions import tell
from core.actions.types import ActionTypes
from core.db.models import Action
from plugin_api import context
from plugin_api.actions import RecordedAction, Replay
from plugin_api.db import savepoint, session
from plugin_api.errors import ApiError, TryAgain
from plugin_api.platform import service

log = structlog.get_logger(__name__)

MAX_OF_GROUP = 20
UNDO, REDO = "UNDO", "REDO"
SUCCESS, NOTHING, SKIPPED = "SUCCESS", "NOTHING_TO_DO", "SKIPPED_DUE_TO_ERROR"


def undo(scopes: Mapping[str, Any]) -> dict[str, Any]:
    """Undo the latest action in the scopes, with those of its group."""
    _lock_session()
    latest = session().scalar(
        _actions(scopes).where(Action.undone_on.is_(None), _undoable()).order_by(Action.id.desc()).limit(1)
    )
    if latest is None:
        return _answer([], NOTHING)
    group = _group(latest, Action.undone_on.is_(None), Action.id.desc())
    error = _replay(group, UNDO)
    for action in group:
        action.undone_on, action.error = datetime.now(UTC), error
    return _answer(group, SKIPPED if error else SUCCESS)


def redo(scopes: Mapping[str, Any]) -> dict[str, Any]:
    """Redo what was undone last in the scopes, unless something new was done since."""
    _lock_session()
    undone = _actions(scopes).where(Action.undone_on.is_not(None))
    last = session().scalar(undone.order_by(Action.undone_on.desc(), Action.id).limit(1))
    if last is None or _something_new(scopes, last.id):
        return _answer([], NOTHING)
    group = _group(last, Action.undone_on.is_not(None), Action.id.asc())
    failed = any(action.error for action in group)
    error = None if failed else _replay(group, REDO)
    for action in group:
        action.undone_on, action.error = None, error
    return _answer(group, SKIPPED if failed or error else SUCCESS)


def _lock_session() -> None:
    """One undo or redo of a client session at a time."""
    running = context.current()
    if running.client_session_id is None:
        raise ApiError("ERROR_CLIENT_SESSION_ID_HEADER_NOT_SET", 400, "Send the header ClientSessionId.")
    key = f"undo {context.user_id()} {running.client_session_id}"
    session().execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))


def _actions(scopes: Mapping[str, Any]) -> sa.Select[Action]:
    """The session's actions in any of the scopes; without scopes, all of them."""
    mine = sa.and_(Action.user_id == context.user_id(), Action.session_id == context.current().client_session_id)
    wanted = [name if value is True else f"{name}{value}" for name, value in scopes.items() if _is_given(value)]
    chosen = sa.select(Action).where(mine)
    return chosen.where(Action.scope.in_(wanted)) if wanted else chosen


def _is_given(value: Any) -> bool:
    return value is not None and value is not False


def _undoable() -> sa.ColumnElement[bool]:
    return Action.type.in_(service(ActionTypes).undoable())


def _something_new(scopes: Mapping[str, Any], action_id: int) -> bool:
    newer = _actions(scopes).where(Action.undone_on.is_(None), _undoable(), Action.id > action_id)
    return session().scalar(newer.limit(1)) is not None


def _group(action: Action, state: sa.ColumnElement[bool], order: sa.ColumnElement[Any]) -> Sequence[Action]:
    if action.group_id is None:
        return [action]
    chosen = _actions({}).where(Action.group_id == action.group_id, state, _undoable())
    return session().scalars(chosen.order_by(order).limit(MAX_OF_GROUP)).all()


def _replay(group: Sequence[Action], command: str) -> str | None:
    """Run the actions all together or not at all; answers what was in the way."""
    try:
        with savepoint(), context.changed(command=command):
            found = [(action, _run(_replay_of(action, command), action)) for action in group]
    except TryAgain:
        raise
    except (ApiError, IntegrityError) as error:
        log.info("an action could not be undone or redone", command=command, problem=str(error))
        return str(error)
    for action, params in found:
        if params is not None:
            action.params = dict(params)
        _tell(action, command)
    return None


def _tell(action: Action, command: str) -> None:
    kind = service(ActionTypes).get(action.type)
    if kind is not None:
        tell(RecordedAction(kind, action.scope, action.workspace_id, action.params, command))


def _run(replay: Replay, action: Action) -> Mapping[str, Any] | None:
    return replay(_Params({**action.params, "workspace_id": action.workspace_id}))


class _Params(dict[str, Any]):
    """The parameters of an action. An earlier version may have kept others than are needed now."""

    def __missing__(self, name: str) -> Any:
        detail = f"The action was recorded by an earlier version, which did not keep {name}."
        raise ApiError("ERROR_ACTION_CANNOT_BE_UNDONE", 400, detail)


def _replay_of(action: Action, command: str) -> Replay:
    kind = service(ActionTypes).get(action.type)
    found = None if kind is None else kind.undo if command == UNDO else kind.redo
    if found is None:
        raise ApiError("ERROR_ACTION_CANNOT_BE_UNDONE", 400, f"Nobody knows how to undo or redo {action.type}.")
    return found


def _answer(group: Sequence[Action], result: str) -> dict[str, Any]:
    shown = [{"action_type": action.type, "action_scope": action.scope} for action in group]
    return {"actions": shown, "result_code": result}
