"""Uploaded files for other plugins: storing one, finding them by name, opening them, how they are shown."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from plugin_api import context, media
from plugin_api.archives import ArchiveReader, ArchiveWriter
from plugin_api.db import connection
from plugin_api.errors import ApiError
from plugin_api.platform import service
from plugin_api.storage import Storage, blocks
from plugins.user_files.arriving import FOLDER, content_name, expect, mark
from plugins.user_files.content import picture_in, served_type
from plugins.user_files.models import UserFile
from plugins.user_files.names import NAME, UNKNOWN_TYPE, clean_name, mime_type, new_name, shortened

FILES_PATH = "/media/user_files/"
THUMBNAILS_PATH = "/media/thumbnails/"
THUMBNAILS: Mapping[str, tuple[int | None, int]] = {"tiny": (None, 21), "small": (48, 48), "card_cover": (300, 160)}
"""Width and height thumbnails fit into, by name."""

_BLOCK = 1024 * 1024
_ROWS = 1000


def store(file: BinaryIO, name: str, uploaded_by: int | None, most_bytes: int | None = None) -> UserFile:
    """Keep an uploaded file that came under `name`; the same file of the same person is kept once.

    400 ERROR_FILE_SIZE_TOO_LARGE when it is too large, for all files or by the limit of the caller.
    """
    size = file.seek(0, 2)
    limit = media.max_upload_bytes() if most_bytes is None else min(most_bytes, media.max_upload_bytes())
    if size > limit:
        raise too_large(limit)
    file.seek(0)
    digest = _digest(file)
    name = clean_name(name)
    picture = picture_in(file)
    promised = mime_type(name) or (picture.mime_type if picture else UNKNOWN_TYPE)
    found = {
        "name": new_name(digest, name),
        "original_name": shortened(name),
        "sha256": digest,
        "size": size,
        "mime_type": promised,
        "served_type": served_type(file, promised, picture),
        "is_image": picture is not None,
        "image_width": picture.width if picture else None,
        "image_height": picture.height if picture else None,
        "uploaded_by": uploaded_by,
    }
    _keep(file, digest)
    return _insert(found)


def _digest(file: BinaryIO) -> str:
    found = hashlib.sha256()
    for block in blocks(file):
        found.update(block)
    return found.hexdigest()


def too_large(limit: int | None = None) -> ApiError:
    """400 for a file larger than the limit, by default the one of all files."""
    limit = media.max_upload_bytes() if limit is None else limit
    return ApiError("ERROR_FILE_SIZE_TOO_LARGE", 400, f"The file is larger than {limit} bytes, the limit here.")


def thumbnail_name(sha256: str, size: str) -> str:
    """The name in the file storage of a thumbnail of the image with this digest."""
    return f"{FOLDER}/thumbnails/{size}/{sha256[:2]}/{sha256}"


def open_content(sha256: str) -> BinaryIO:
    """Open the content with this digest for reading. FileNotFoundError when it is not there."""
    return service(Storage).open(content_name(sha256))


def _keep(file: BinaryIO, sha256: str) -> None:
    expect(sha256)
    try:
        with open_content(sha256):
            return
    except FileNotFoundError:
        mark(sha256)
        service(Storage).write(content_name(sha256), blocks(file))


def _insert(values: Mapping[str, Any]) -> UserFile:
    """Insert the file; the one that is there when the same person uploaded the same before."""
    table = UserFile.__table__
    made = insert(UserFile).values(**values).on_conflict_do_nothing().returning(*table.columns)
    row = connection().execute(made).first()
    if row is None:
        same = ("sha256", "original_name", "uploaded_by")
        query = sa.select(*table.columns).where(*(table.c[column] == values[column] for column in same))
        row = connection().execute(query).one()
    return UserFile(**row._mapping)


def find(names: Collection[str], within: sa.Connection | None = None) -> dict[str, UserFile]:
    """The files that are kept under these names: one query, none when no name has the form of one."""
    wanted = sorted({name for name in names if NAME.fullmatch(name)})
    if not wanted:
        return {}
    query = sa.select(*UserFile.__table__.columns).where(UserFile.name == sa.any_(sa.literal(wanted, ARRAY(sa.Text()))))
    rows = (within or connection()).execute(query)
    return {row.name: UserFile(**row._mapping) for row in rows}


def from_archive(names: Mapping[str, str | None], archive: ArchiveReader) -> dict[str, UserFile]:
    """The files that an archive calls by these names, with the names people gave them: kept here, too.

    Those that are neither here nor in the archive are left out.
    """
    known: dict[str, UserFile | None] = archive.memory.setdefault("user_files", {})
    known.update(find([name for name in names if name not in known]))
    for name, original in names.items():
        if name not in known:
            known[name] = _unpacked(name, original, archive)
    return {name: found for name in names if (found := known[name]) is not None}


def _unpacked(name: str, original: str | None, archive: ArchiveReader) -> UserFile | None:
    """A file of an archive, kept as if the acting user had uploaded it; None when it is not in there."""
    file = archive.open_file(name) if NAME.fullmatch(name) else None
    if file is None:
        return None
    with file:
        return store(file, original or name, context.actor().user_id)


def add_to_archive(found: UserFile, archive: ArchiveWriter) -> None:
    """Put a file's content into an archive."""
    archive.add_file(found.name, lambda: open_content(found.sha256))


def named_by(names: sa.Select[Any]) -> Iterator[UserFile]:
    """The files whose names a select of one column answers, some at a time; to be read to the end at once."""
    chosen = sa.select(*UserFile.__table__.columns).where(UserFile.name.in_(names))
    rows = connection().execute(chosen, execution_options={"yield_per": _ROWS})
    yield from (UserFile(**row._mapping) for row in rows)


def facts(file: UserFile) -> dict[str, Any]:
    """What the API tells of a file, addresses left out."""
    return {
        "size": file.size,
        "mime_type": file.mime_type,
        "is_image": file.is_image,
        "image_width": file.image_width,
        "image_height": file.image_height,
        "uploaded_at": file.uploaded_at.isoformat().replace("+00:00", "Z"),
        "name": file.name,
    }


def shown(file: UserFile) -> dict[str, Any]:
    """A file as the API shows it."""
    return shown_again(kept(file))


def kept(file: UserFile) -> dict[str, Any]:
    """What a setting keeps of a file, which never changes, so that showing it needs no query."""
    return {**facts(file), "original_name": file.original_name}


def shown_again(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A file as the API shows it, from what a setting keeps of it."""
    address, name = media.url(), kept["name"]
    thumbnails = {
        size: {"url": f"{address}{THUMBNAILS_PATH}{size}/{name}", "width": width, "height": height}
        for size, (width, height) in THUMBNAILS.items()
    }
    return {**kept, "url": f"{address}{FILES_PATH}{name}", "thumbnails": thumbnails if kept["is_image"] else None}
