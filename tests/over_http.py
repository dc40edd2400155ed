"""A running server as one of its users sees it, for the suites and benches of plugin_api.testing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import orjson
from websockets.sync.client import connect

from core.runtime.processes import wait_until

PASSWORD = "a-long-password"
_DONE = ("finished", "failed", "cancelled")


class OverHttp:
    """Implements `plugin_api.testing.Instance`; without a name it is a visitor."""

    def __init__(self, url: str, name: str = "") -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30)
        self.token = ""
        if name:
            body = {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD}
            self.http.post("/api/user/", json=body)
            self.token = self.http.post("/api/user/token-auth/", json=body).raise_for_status().json()["access_token"]
            self.http.headers["Authorization"] = f"JWT {self.token}"

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Send a request."""
        sent = {"content": None if body is None else orjson.dumps(body)}
        kind = {} if body is None else {"Content-Type": "application/json"}
        answer = self.http.request(method, path, headers={**kind, **(headers or {})}, **sent)  # type: ignore[arg-type]
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.status_code, answer.json() if is_json and answer.content else None

    def close(self) -> None:
        """Leave."""
        self.http.close()

    def run_job(self, job_id: int) -> None:
        """Wait until a worker did it."""
        assert wait_until(lambda: self.call("GET", f"/api/jobs/{job_id}/")[1]["state"] in _DONE, 30)

    def told(self, change: Any, kind: str) -> dict[str, Any]:
        """The message of this kind that this user's browsers get when `change` is called."""
        with connect(f"{self.url.replace('http', 'ws', 1)}/ws/core/?jwt_token={self.token}") as socket:
            assert orjson.loads(socket.recv(timeout=10))["type"] == "authentication"
            change()
            while True:
                message: dict[str, Any] = orjson.loads(socket.recv(timeout=10))
                if message["type"] == kind:
                    return message
