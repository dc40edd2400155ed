"""Files of people who fill in a form."""

from __future__ import annotations

from typing import Any

from plugin_api import context, limits
from plugin_api.errors import ApiError
from plugin_api.fields import kind_of
from plugin_api.kinds import Kind
from plugin_api.settings import setting
from plugins.form_view.public import open_form
from plugins.user_files import files
from plugins.user_files.routes import uploaded

_SECONDS = 3600


def upload(slug: str) -> dict[str, Any]:
    """Keep the file of the running request, if the form asks for one; so many an hour and no more."""
    form = open_form(slug, "view", "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW")
    if not any(kind_of(form.shape.type_of(one.field), one.field) is Kind.FILES for one in form.asked):
        detail = "The form does not ask for a file."
        raise ApiError("ERROR_VIEW_HAS_NO_PUBLIC_FILE_FIELD", 400, detail)
    user_id = context.actor().user_id
    if user_id is not None:
        return files.shown(uploaded(user_id))
    _refuse_flood(form.found.view.id)
    return files.shown(uploaded(None, setting("form_max_upload_bytes")))


def _refuse_flood(view_id: int) -> None:
    """What strangers upload is limited for each address, and for the form as a whole."""
    code, detail = "ERROR_TOO_MANY_FORM_UPLOADS", "Too many files were uploaded for this form."
    most_of_one, most = setting("form_uploads_of_address"), setting("form_uploads")
    limits.refuse_flood(most_of_one, most, f"form_uploads:{view_id}", _SECONDS, code, detail)
