"""Archives for tests: exported and imported over HTTP, looked into, changed, and made by hand."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core.instance import values
from plugin_api.db import begin
from tests.tables import run_job

Json = dict[str, Any]
MANIFEST, SIGNATURE = "manifest.json", "manifest_signature.json"


def _path(workspace_id: int) -> str:
    return f"/api/workspaces/{workspace_id}"


def ended(api: Any, started: tuple[int, Any]) -> Json:
    """How the job ends that a request started."""
    assert started[0] == 202, started
    run_job(started[1]["id"])
    status, job = api.get(f"/api/jobs/{started[1]['id']}/")
    assert status == 200, job
    return dict(job)


def exported(api: Any, workspace_id: int, **body: Any) -> bytes:
    """The archive of a workspace's applications."""
    job = ended(api, api.post(f"{_path(workspace_id)}/export/async/", body))
    assert job["state"] == "finished", job
    with api.client.get(f"/media{job['url'].partition('/media')[2]}") as answer:
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)


def upload(api: Any, workspace_id: int, archive: bytes, name: str = "export.zip") -> tuple[int, Any]:
    """Upload an archive."""
    form = {"file": (io.BytesIO(archive), name)}
    answer: tuple[int, Any] = api.call("POST", f"{_path(workspace_id)}/import/upload-file/", data=form)
    return answer


def imported(api: Any, workspace_id: int, archive: bytes, **body: Any) -> Json:
    """How the import of an archive ends."""
    status, resource = upload(api, workspace_id, archive)
    assert status == 200, resource
    return ended(api, api.post(f"{_path(workspace_id)}/import/async/", {"resource_id": resource["id"], **body}))


def installed(api: Any, workspace_id: int, archive: bytes) -> list[Json]:
    """The applications made of an archive."""
    job = imported(api, workspace_id, archive)
    assert job["state"] == "finished", job
    return list(job["installed_applications"])


@contextmanager
def unsigned_accepted() -> Iterator[None]:
    """The instance takes archives of anybody."""
    with begin():
        values.change({"verify_import_signature": False})
    try:
        yield
    finally:
        with begin():
            values.change({"verify_import_signature": True})


def files_of(archive: bytes) -> dict[str, bytes]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def described(archive: bytes) -> list[Json]:
    """The applications as the files of an archive describe them."""
    files = files_of(archive)
    manifest = json.loads(files[MANIFEST])
    items = [item for of in manifest["applications"].values() for item in of["items"]]
    return [json.loads(files[item["files"]["schema"]]) for item in items]


def packed(files: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


def archive_of(
    *applications: Json, files: dict[str, bytes] | None = None, change: Callable[[Json], None] | None = None
) -> bytes:
    """An unsigned archive that describes applications so; `change` changes the manifest."""
    contents, by_type = dict(files or {}), {}
    for n, one in enumerate(applications):
        name = f"{one['type']}_{n}.json"
        contents[name] = json.dumps(one).encode()
        item = {"id": one["id"], "type": one["type"], "name": one["name"], "uuid": str(n), "total_files": 1}
        of = by_type.setdefault(one["type"], {"version": "1.0.0", "configuration": {}, "items": []})
        of["items"].append({**item, "files": {"schema": name}})
    manifest: Json = {
        "version": "1.0.0",
        "baserow_version": "1.35.3",
        "configuration": {"only_structure": False},
        "applications": by_type,
        "total_files": len(contents) + 2,
        "checksums": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    if change is not None:
        change(manifest)
    return packed({**contents, MANIFEST: json.dumps(manifest).encode(), SIGNATURE: b"{}"})
