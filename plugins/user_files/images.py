"""Uploaded images as settings of other things take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields as mf

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
