"""Uploaded images as settings of other things take them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import fields as mf

from plugin_api.archives import ArchiveReader, ArchiveWriter
from plugin_api.errors import problem
from plugin_api.schemas import invalid
from plugins.user_files import files


class ImageFile(mf.Field[Any]):
    """An uploaded image, given by its name: `{"name": "..."}`. Loads as what a setting keeps of a file."""

    default_error_messages = {
        "null": [problem("null", "This field may not be null.")],
        "required": [problem("required", "This field is required.")],
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        name = value.get("name") if isinstance(value, Mapping) else None
        if not isinstance(name, str):
            raise invalid("invalid", "Give the file as an object with the name it was uploaded under.")
        found = files.find([name]).get(name)
        if found is None:
            raise invalid("invalid", "There is no file of this name. Upload it first.")
        if not found.is_image:
            raise invalid("invalid", "The file is not an image.")
        return files.kept(found)


def archived_images(options: Mapping[str, Any], settings: Collection[str], archive: ArchiveWriter) -> dict[str, Any]:
    """Settings for an archive: images by their names, their contents beside them."""
    images = {name: options[name] for name in settings if options.get(name)}
    for found in files.find([image["name"] for image in images.values()]).values():
        files.add_to_archive(found, archive)
    named = {name: {key: image[key] for key in ("name", "original_name")} for name, image in images.items()}
    return {**options, **named}


def restored_images(given: Mapping[str, Any], settings: Collection[str], archive: ArchiveReader) -> dict[str, Any]:
    """Settings of an archive with images as they are kept here; those that are nowhere are left out."""
    named = {name: _image_name(given.get(name)) for name in settings}
    known = files.from_archive({found: original for found, original in named.values() if found}, archive)
    kept = {name: {"name": known[found].name} for name, (found, _) in named.items() if found in known}
    return {**{name: value for name, value in given.items() if name not in settings}, **kept}


def _image_name(given: Any) -> tuple[str, str | None]:
    """The name an image is kept under in an archive, and what people called it; an empty name for no image."""
    name, original = (given.get("name"), given.get("original_name")) if isinstance(given, Mapping) else (None, None)
    return name if isinstance(name, str) else "", original if isinstance(original, str) else None
