"""Looking into uploaded files: is it an image, and what may browsers be told that it is."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from plugins.user_files.names import UNKNOWN_TYPE

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 64_000_000
"""Larger images are files like any other: opening one would take too much memory."""

TEXT_TYPE = "text/plain"
JPEG_TYPE = "image/jpeg"
_IMAGE_TYPES = {
    "PNG": "image/png",
    "JPEG": JPEG_TYPE,
    "MPO": JPEG_TYPE,
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "ICO": "image/x-icon",
}
INLINE_TYPES = frozenset({*_IMAGE_TYPES.values(), "application/pdf", TEXT_TYPE})
"""What browsers may show; everything else is downloaded."""

_TEXTS = frozenset({TEXT_TYPE, "text/csv", "text/tab-separated-values", "text/markdown"})
_DOWNLOADS = frozenset(
    {
        "application/zip",
        "application/gzip",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "audio/mpeg",
        "audio/ogg",
        "audio/x-wav",
        "video/mp4",
        "video/mpeg",
        "video/quicktime",
        "video/webm",
    }
)
BROKEN_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
)
"""What opening and decoding raises for files that are no images, or too large ones."""

_HEAD = 4096


@dataclass(frozen=True)
class Picture:
    """An image's size in pixels, and its type."""

    width: int
    height: int
    mime_type: str


def open_image(file: BinaryIO) -> Image.Image:
    """Open an image of a usual format. Nothing is decoded yet. One of BROKEN_IMAGE when it is none."""
    from PIL import Image  # read when the first image comes

    try:
        image = Image.open(file, formats=[name for name in _IMAGE_TYPES if name != "MPO"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(str(error)) from error
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("the image is too large")
    return image


def picture_in(file: BinaryIO) -> Picture | None:
    """Size and type of the image in a file; None when there is none."""
    file.seek(0)
    try:
        # Not closed: the file is the caller's, and images leave files alone that they did not open.
        image = open_image(file)
    except BROKEN_IMAGE:
        return None
    return Picture(image.width, image.height, _IMAGE_TYPES[image.format or ""])


def served_type(file: BinaryIO, promised: str, picture: Picture | None) -> str:
    """The type browsers are told: none that could run as a page or program, whatever the name promises."""
    if picture is not None:
        return picture.mime_type
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if promised in _TEXTS and b"\0" not in head:
        return TEXT_TYPE
    return promised if promised in _DOWNLOADS else UNKNOWN_TYPE
