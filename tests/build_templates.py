"""Builds the templates of the product from their definitions: `python -m tests.build_templates [SLUG ...]`.

Each database is made over HTTP in an instance that is thrown away, as somebody would make it by hand, and written into
an archive, which goes into `plugins/templates/library` with a description. To be run when a definition was changed,
and when archives get another form.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import app as composition
from core.runtime.embedded import temporary_servers
from core.settings import Settings
from plugin_api.archives import archives
from plugin_api.db import begin
from plugins.templates.library import LIBRARY
from tests.template_builder import Builder
from tests.template_sources import AS_OF, Source, digest, sources

_PASSWORD = "a long password of the builder"
_ROW_KEYS = ("created_on", "updated_on", "created_by", "last_modified_by")


class Factory:
    """An instance with one user and one workspace, in which databases are made and archived."""

    def __init__(self, settings: Settings) -> None:
        composition.migrate(settings)
        self._client = composition.create_app(settings).test_client()
        body = {"name": "Builder", "email": "builder@example.com", "password": _PASSWORD, "authenticate": True}
        self._token = ""
        self._token = self.done("POST", "/api/user/", body)["access_token"]
        self._workspace = self.done("POST", "/api/workspaces/", {"name": "Templates"})["id"]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a request that may be refused."""
        headers = {"Authorization": f"JWT {self._token}"} if self._token else {}
        answer = self._client.open(path, method=method, json=body, headers=headers)
        return answer.status_code, answer.get_json(silent=True)

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        status, answer = self.ask(method, path, body)
        assert status < 300, f"{method} {path} with {body!r:.300} is refused: {status} {answer}"
        return answer

    def archive(self, source: Source) -> bytes:
        """The archive of a definition."""
        body = {"name": source.name, "type": "database"}
        made = self.done("POST", f"/api/applications/workspace/{self._workspace}/", body)
        Builder(self.done, self.ask, made["id"]).build(source)
        file = io.BytesIO()
        with begin():
            archives().write([made["id"]], file)
        return anonymous(file)


def anonymous(file: io.BytesIO) -> bytes:
    """An archive whose rows say nothing of when and by whom they were made: both will be when it is installed."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        contents = {name: source.read(name) for name in source.namelist()}
        manifest = json.loads(contents["manifest.json"])
        for name in manifest["checksums"]:
            contents[name] = _without_people(contents[name])
            manifest["checksums"][name] = hashlib.sha256(contents[name]).hexdigest()
        contents["manifest.json"] = json.dumps(manifest).encode()
        contents["manifest_signature.json"] = b"{}"
        for name, content in contents.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return made.getvalue()


def _without_people(content: bytes) -> bytes:
    application = json.loads(content)
    for table in application["tables"]:
        table["rows"] = [{key: row[key] for key in row if key not in _ROW_KEYS} for row in table["rows"]]
    return json.dumps(application, ensure_ascii=False, separators=(",", ":")).encode()


def description(source: Source) -> str:
    """What is listed of a template, as JSON."""
    told = {**source.listed, "as_of": AS_OF.isoformat(), "definition": digest(source)}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def build(chosen: list[str]) -> None:
    """Build the templates with these slugs, or all."""
    with temporary_servers() as servers, tempfile.TemporaryDirectory() as folder:
        values = {"database_url": servers.database_url, "redis_url": servers.redis_url, "data_dir": Path(folder)}
        settings = Settings.load({}, secret_key="a secret key nobody needs to know", **values)
        factory = Factory(settings)
        for source in sources():
            if not chosen or source.slug in chosen:
                (LIBRARY / f"{source.slug}.zip").write_bytes(factory.archive(source))
                (LIBRARY / f"{source.slug}.json").write_text(description(source), "utf-8")
                print(source.slug)


if __name__ == "__main__":
    build(sys.argv[1:])
