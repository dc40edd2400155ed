"""Dumps what this version leaves behind: `python -m tests.older.make NAME`, once before each release.

Then NAME goes into `loading.VERSIONS`; a dump is never changed afterwards.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import app as composition
from core.runtime.embedded import temporary_servers
from core.runtime.postgres_programs import folder_of
from core.settings import Settings
from tests.older.filling import ANN, BOB, SECRET_KEY, SESSION, Filling

_LEFT_OUT = ("--", "\\", "SET ")
"""Lines that older servers or other programs than psql do not understand."""


def _filled(settings: Settings) -> Filling:
    composition.migrate(settings)
    client = composition.create_app(settings).test_client()
    answer = client.post("/api/user/", json={**ANN, "authenticate": True})
    client.post("/api/user/", json=BOB)
    headers = {"Authorization": f"JWT {answer.json['access_token']}", "ClientSessionId": SESSION}  # type: ignore[index]

    def call(method: str, path: str, body: Any = None) -> Any:
        answer = client.open(f"/api/{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.text}"
        return answer.get_json(silent=True)

    plugins = {plugin.name for plugin in composition.load_plugins(settings).plugins}
    filling = Filling(call, plugins, has_trash=True)
    filling.fill()
    return filling


def _dumped(url: str) -> str:
    options = ("--inserts", "--rows-per-insert=500", "--no-owner", "--no-acl", "--no-comments")
    argv = [str(folder_of("pg_dump", "", "15") / "pg_dump"), *options, "--dbname", url]
    text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(_LEFT_OUT)) + "\n"


def main(name: str) -> None:
    """Write `name`.sql and `name`.json beside this file."""
    with temporary_servers() as servers, tempfile.TemporaryDirectory() as folder:
        urls = {"database_url": servers.database_url, "redis_url": servers.redis_url}
        settings = Settings.load({}, **urls, data_dir=Path(folder), secret_key=SECRET_KEY)
        filling, target = _filled(settings), Path(__file__).with_name(name)
        target.with_suffix(".sql").write_text(_dumped(servers.database_url))
        known = {"ids": filling.ids, "facts": filling.facts}
        target.with_suffix(".json").write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
