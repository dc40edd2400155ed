"""Talking to a running instance in tests: requests that must not fail, in a client session whose changes are undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import uuid4


class Client(Protocol):
    """Sends a request with a JSON body and answers its status and parsed JSON; None for an answer without any."""

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]: ...


class Talk:
    """What a member says and hears; what is done here can be undone here."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._headers = {"ClientSessionId": str(uuid4())}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a request that may be refused, but never fails."""
        status, answer = self._client(method, path, body, headers=self._headers)
        assert status < 500, f"{method} {path} with {body!r:.200} fails: {status} {answer!r:.300}"
        return status, answer

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must not be refused; answers its JSON."""
        status, answer = self.ask(method, path, body)
        assert status < 400, f"{method} {path} with {body!r:.200} is refused: {status} {answer!r:.300}"
        return answer

    def undo(self) -> None:
        """Undo the last change."""
        self.replay("undo")

    def redo(self) -> None:
        """Redo what was undone last."""
        self.replay("redo")

    def replay(self, way: str, what: str = "the last change") -> None:
        """Undo or redo the last change, which must succeed."""
        answer = self.done("PATCH", f"/api/user/{way}/", {"scopes": {}})
        assert answer["result_code"] == "SUCCESS", f"{way} of {what} does not succeed: {answer}"
