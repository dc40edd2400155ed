"""The settings of a form: what they may be, and the images among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.schemas import Bool, Choice, Schema, Str, Url
from plugins.user_files import files
from plugins.user_files.images import ImageFile

MODES = ("form", "survey")
SUBMIT_ACTIONS = ("MESSAGE", "REDIRECT")
IMAGES = ("cover_image", "logo_image")
NOTIFIED = "notified_users"
"""Where the ids of those are kept who want to be told of submissions."""
NOTIFY = "receive_notification_on_submit"


class RedirectUrl(Url):
    """An http or https address, or none."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return "" if value == "" else super()._deserialize(value, attr, data, **kwargs)


def _image(what: str) -> ImageFile:
    description = f"{what}: an uploaded image, given by its `name`."
    return ImageFile(load_default=None, allow_none=True, metadata={"type": "object", "description": description})


class FormSettings(Schema):
    """Settings of a form."""

    title = Str(allow_blank=True, load_default="")
    description = Str(allow_blank=True, load_default="")
    mode = Choice(
        MODES, load_default="form", metadata={"description": "All fields on one page, or one after the other."}
    )
    cover_image = _image("What stands above the form")
    logo_image = _image("What stands beside the title")
    submit_text = Str(load_default="Submit", metadata={"description": "The text of the button."})
    submit_action = Choice(
        SUBMIT_ACTIONS, load_default="MESSAGE", metadata={"description": "What follows a submission."}
    )
    submit_action_message = Str(allow_blank=True, load_default="")
    submit_action_redirect_url = RedirectUrl(
        allow_blank=True,
        max_length=2000,
        load_default="",
        metadata={"description": "Where people go afterwards; `{row_id}` in it stands for the id of their row."},
    )
    receive_notification_on_submit = Bool(
        load_default=None, metadata={"description": "Whether you want to be told of submissions."}
    )


def with_notified(options: dict[str, Any], user_id: int | None) -> dict[str, Any]:
    """The settings to store: whether one person wants to be told becomes a list of those who do."""
    wants = options.pop(NOTIFY, None)
    if wants is None or user_id is None:
        return options
    others = [found for found in options.get(NOTIFIED, ()) if found != user_id]
    return {**options, NOTIFIED: [*others, user_id] if wants else others}


def settings_json(options: Mapping[str, Any], user_id: int | None) -> dict[str, Any]:
    """The settings as a member sees them."""
    shown = {name: value for name, value in options.items() if name != NOTIFIED}
    for name in IMAGES:
        shown[name] = shown_image(options, name)
    return {**shown, NOTIFY: user_id in options.get(NOTIFIED, ())}


def shown_image(options: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """An image as the API shows it; None when there is none."""
    kept = options.get(name)
    return None if kept is None else files.shown_again(kept)
