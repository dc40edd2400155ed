"""The file storage that the settings choose."""

from __future__ import annotations

from core.settings import Settings
from core.storage.local import LocalStorage
from core.storage.s3 import S3Storage, client

KeptFiles = LocalStorage | S3Storage


def storage_of(settings: Settings) -> KeptFiles:
    """A bucket if one is named, else a folder in the data folder."""
    if settings.s3_bucket:
        return S3Storage(client(settings), settings.s3_bucket, settings.s3_prefix)
    return LocalStorage(settings.data_dir / "files")


def place_of(settings: Settings) -> str:
    """Where that is, for people."""
    if settings.s3_bucket:
        return f"the bucket {settings.s3_bucket}"
    return str(settings.data_dir / "files")
