"""Thumbnails: made when they are first asked for, one at a time, and kept."""

from __future__ import annotations

import io
import threading
from typing import BinaryIO

from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.user_files.content import BROKEN_IMAGE, JPEG_TYPE, open_image
from plugins.user_files.files import THUMBNAILS, open_content, thumbnail_name

# An image in memory may take some hundred megabytes: a process opens no second one meanwhile.
_one_at_a_time = threading.Lock()


def thumbnail_type(served_type: str) -> str:
    """The type of the thumbnails of images of this type."""
    return JPEG_TYPE if served_type == JPEG_TYPE else "image/png"


def open_thumbnail(sha256: str, served_type: str, size: str) -> BinaryIO | None:
    """Open a thumbnail of the image with this digest; None when the image is broken.

    It is made when it is not there. FileNotFoundError when the image is not there.
    """
    name = thumbnail_name(sha256, size)
    try:
        found = service(Storage).open(name)
    except FileNotFoundError:
        with _one_at_a_time:
            service(Storage).write(name, [_made(sha256, served_type, size)])
        found = service(Storage).open(name)
    if found.read(1):
        return found
    found.close()
    return None


def _made(sha256: str, served_type: str, size: str) -> bytes:
    """The thumbnail; nothing for a broken image, which then is not opened again."""
    with open_content(sha256) as file:
        try:
            return _shrunk(file, thumbnail_type(served_type), size)
        except BROKEN_IMAGE:
            return b""


def _shrunk(file: BinaryIO, mime_type: str, size: str) -> bytes:
    from PIL import Image, ImageOps

    width, height = THUMBNAILS[size]
    jpeg, target = mime_type == JPEG_TYPE, io.BytesIO()
    with open_image(file) as image:
        box = (width or image.width, height)
        # JPEG images can be decoded at a fraction of their size.
        image.draft("RGB", (box[0] * 2, box[1] * 2))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((width or upright.width, height), Image.Resampling.LANCZOS)
        upright.convert("RGB" if jpeg else "RGBA").save(target, "JPEG" if jpeg else "PNG", exif=b"")
    return target.getvalue()
