"""The archive that a new template plugin starts from, as `tablewright export-applications` writes it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import orjson


def archive_of(description: str) -> bytes:
    """An archive of the application that a text of JSON describes; always the same bytes."""
    application = orjson.loads(description)
    content = orjson.dumps(application)
    digest = hashlib.sha256(content).hexdigest()
    file = f"{application['type']}_{digest[:32]}_{digest}.json"
    manifest = orjson.dumps(_manifest(application, file, digest))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in ((file, content), ("manifest.json", manifest), ("manifest_signature.json", b"{}")):
            archive.writestr(zipfile.ZipInfo(path), data)
    return packed.getvalue()


def _manifest(application: dict[str, Any], file: str, digest: str) -> dict[str, Any]:
    kind, version = application["type"], "1.0.0"
    named = {key: application[key] for key in ("id", "type", "name")}
    item = {**named, "uuid": digest[:32], "total_files": 1, "files": {"schema": file}}
    return {
        "version": version,
        "configuration": {"only_structure": False},
        "applications": {kind: {"version": version, "configuration": {}, "items": [item]}},
        "total_files": 3,
        "checksums": {file: digest},
    }
