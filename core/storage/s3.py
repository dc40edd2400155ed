"""Files in a bucket of an S3-compatible object store: written whole or not at all, read piece by piece."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from core.storage.names import BadName, parts_of

if TYPE_CHECKING:
    from core.settings import Settings

_PIECE = 8 * 1024 * 1024
_BUFFER = 256 * 1024
_GONE = ("404", "NoSuchKey", "NotFound")
_LONGEST_KEY = 1024


def client(settings: Settings) -> Any:
    """A client of the object store."""
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=settings.s3_endpoint_url or None,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key_id or None,
        aws_secret_access_key=settings.s3_secret_access_key or None,
        config=Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 4},
            max_pool_connections=32,
            # Newer checksums are unknown to many stores that are not Amazon's.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


class S3Storage:
    """Keeps files in `bucket`, under names that begin with `prefix`."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store the chunks under `name`; others see the old file or the new one, never a part."""
        from boto3.s3.transfer import TransferConfig

        source = _Chunks(chunks)
        # In this thread: the chunks may come from its unit of work.
        config = TransferConfig(multipart_threshold=_PIECE, multipart_chunksize=_PIECE, use_threads=False)
        self._client.upload_fileobj(source, self._bucket, self._key(name), Config=config)
        return source.size

    def open(self, name: str) -> BinaryIO:
        """Open a stored file for reading."""
        remote = _Remote(self._client, self._bucket, self._key(name))
        return io.BufferedReader(remote, _BUFFER)

    def delete(self, name: str) -> None:
        """Remove a file."""
        self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def names(self, prefix: str) -> Iterator[str]:
        """The names that start with `prefix`, in order."""
        if prefix.startswith("/"):
            raise BadName(f"{prefix[:100]!r} is not the beginning of a file's name")
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        for page in pages:
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix)

    @contextmanager
    def hold(self) -> Iterator[Unheld]:
        """For a backup: what is deleted meanwhile is gone, unless the bucket keeps versions."""
        yield Unheld()

    def forget_unfinished(self, hours: float) -> None:
        """Remove what a killed process left behind of files it wrote in pieces."""
        oldest = datetime.now(UTC) - timedelta(hours=hours)
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for page in pages:
            for begun in page.get("Uploads", ()):
                if begun["Initiated"] < oldest:
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=begun["Key"], UploadId=begun["UploadId"]
                    )

    def _key(self, name: str) -> str:
        parts_of(name)
        key = self._prefix + name
        if len(key.encode()) > _LONGEST_KEY:
            raise BadName(f"{name[:100]!r} is too long for the name of an object")
        return key


class Unheld:
    """A hold on nothing."""

    def renew(self) -> None:
        """Nothing to renew."""

    def find(self, name: str) -> Path:
        """There is none."""
        raise FileNotFoundError(name)

    def names(self) -> Iterator[str]:
        """None."""
        return iter(())


class _Chunks(io.RawIOBase):
    """Chunks as a file to read from, and how many bytes they were."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = b""
        self.size = 0

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes; fewer only at the end."""
        found = [self._left]
        length, wanted = len(self._left), -1 if size is None else size
        while wanted < 0 or length < wanted:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            found.append(chunk)
            length += len(chunk)
        data = b"".join(found)
        wanted = len(data) if wanted < 0 else wanted
        self._left, answer = data[wanted:], data[:wanted]
        self.size += len(answer)
        return answer


class _Remote(io.RawIOBase):
    """An object that is read from where it is sought, over one connection as long as it is read on."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        from botocore.exceptions import ClientError

        self._client, self._where = client, {"Bucket": bucket, "Key": key}
        try:
            found = client.head_object(**self._where)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise FileNotFoundError(key) from None
            raise
        self._size, self._etag = found["ContentLength"], found["ETag"]
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """It can be sought in."""
        return True

    def tell(self) -> int:
        """Where it is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on from elsewhere."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning of the file")
        if start + offset != self._at:
            self._let_go()
            self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; over another connection when the store closed the one it used."""
        from botocore.exceptions import BotoCoreError

        if self._at >= self._size:
            return 0
        try:
            data = self._read(len(buffer))
        except (BotoCoreError, OSError):
            self._let_go()
            data = self._read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        if self._body is None:
            # The object may be written anew meanwhile: parts of two files are never put together.
            part = f"bytes={self._at}-"
            self._body = self._client.get_object(**self._where, Range=part, IfMatch=self._etag)["Body"]
        data: bytes = self._body.read(size)
        if not data:
            raise OSError("the object store ended the answer too early")
        return data

    def _let_go(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()

    def close(self) -> None:
        """Read no more."""
        self._let_go()
        super().close()
