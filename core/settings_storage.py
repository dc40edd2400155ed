"""The settings of an object store for files, a part of `core.settings.Settings`."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import http_url as _http_url
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """Where files are kept if not in the data folder."""

    s3_bucket: str = setting(
        PREFIX + "S3_BUCKET",
        "Bucket of an S3-compatible object store for uploaded files and files of jobs. Empty: the data folder.",
        "",
    )
    s3_endpoint_url: str = setting(
        PREFIX + "S3_ENDPOINT_URL", "Address of the object store. Empty: Amazon's for the region.", "", _http_url
    )
    s3_region: str = setting(PREFIX + "S3_REGION", "Region of the bucket.", "us-east-1")
    s3_prefix: str = setting(
        PREFIX + "S3_PREFIX", "What the names of objects begin with, such as tablewright/, to share a bucket.", ""
    )
    s3_access_key_id: str = setting(
        PREFIX + "S3_ACCESS_KEY_ID", "Key for the object store. Empty: as Amazon's tools find it, or a role's.", ""
    )
    s3_secret_access_key: str = setting(PREFIX + "S3_SECRET_ACCESS_KEY", "Secret of that key.", "")
