"""An S3-compatible object store for tests: moto's server, with one bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from core.settings import Settings
from core.storage.s3 import client

BUCKET = "tablewright"


@contextmanager
def object_store() -> Iterator[dict[str, str]]:
    """A running store; the value is the settings that lead there, by their variables."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        found = {
            "TABLEWRIGHT_S3_BUCKET": BUCKET,
            "TABLEWRIGHT_S3_ENDPOINT_URL": f"http://{host}:{port}",
            "TABLEWRIGHT_S3_ACCESS_KEY_ID": "test",
            "TABLEWRIGHT_S3_SECRET_ACCESS_KEY": "test",
        }
        with closing(client(Settings.load(found))) as made:
            made.create_bucket(Bucket=BUCKET)
        yield found
    finally:
        server.stop()


@contextmanager
def bucket_client(found: dict[str, str]) -> Iterator[Any]:
    """A client of the store, past the product."""
    with closing(client(Settings.load(found))) as made:
        yield made
