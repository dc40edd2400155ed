"""Moving the dates in an archive: a calendar of a year ago says nothing about what it is for."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, BinaryIO

import orjson

from plugin_api.archives import BadArchive

MAX_BYTES = 64 * 1024 * 1024
_MANIFEST = "manifest.json"
_WEEK = 7
_NEAREST = 3
"""From Friday on, the week that comes is nearer than the one that is ending."""


def moved(archive: BinaryIO, as_of: date, today: date) -> BinaryIO:
    """The archive with the values of its date fields moved by as many weeks as bring `as_of` closest to `today`.

    Days of the week stay what they were. Only small archives are moved; BadArchive for those that cannot be read.
    """
    weeks = ((today - as_of).days + _NEAREST) // _WEEK
    try:
        return _repacked(archive, timedelta(weeks=weeks))
    except (zipfile.BadZipFile, KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise BadArchive(f"The dates in it cannot be moved: {error}.") from error


def _repacked(archive: BinaryIO, by: timedelta) -> BinaryIO:
    made = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        if sum(info.file_size for info in source.infolist()) > MAX_BYTES:
            raise BadArchive(f"It is larger than {MAX_BYTES} bytes; leave out as_of.")
        manifest = orjson.loads(source.read(_MANIFEST))
        applications = set(_application_files(manifest))
        for name in source.namelist():
            if name == _MANIFEST:
                continue
            content = source.read(name)
            if name in applications:
                content = _moved_content(content, by)
                manifest["checksums"][name] = hashlib.sha256(content).hexdigest()
            target.writestr(name, content)
        target.writestr(_MANIFEST, orjson.dumps(manifest))
    made.seek(0)
    return made


def _application_files(manifest: Any) -> Iterator[str]:
    """The files that describe applications."""
    for of_type in manifest["applications"].values():
        yield from (item["files"]["schema"] for item in of_type["items"])


def _moved_content(content: bytes, by: timedelta) -> bytes:
    application = orjson.loads(content)
    for table in application.get("tables", ()):
        keys = [f"field_{field['id']}" for field in table["fields"] if field["type"] == "date"]
        for row in table["rows"]:
            row.update({key: _moved_value(row[key], by) for key in keys if row.get(key)})
    return orjson.dumps(application)


def _moved_value(value: str, by: timedelta) -> str:
    """A day, or a moment, which begins with its day."""
    return (date.fromisoformat(value[:10]) + by).isoformat() + value[10:]
