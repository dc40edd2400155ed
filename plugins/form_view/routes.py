"""HTTP operations of those who fill in a form."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint, json_body
from plugins.form_view import public, schemas, submission, uploads
from plugins.user_files.routes import UploadForm, UserFileJson

forms = Blueprint(
    "form_views",
    __name__,
    url_prefix="/api/database/views/form",
    description="What people who know a form's address do with it. A form that is not shared is there for those who "
    "may see the view; one with a password needs the token of `public/auth/` in `Baserow-View-Authorization`.",
)

_FORM = ("ERROR_FORM_DOES_NOT_EXIST", ("ERROR_NO_PERMISSION_TO_PUBLICLY_SHARED_FORM", 401))


@forms.operation(
    "GET",
    "/<string:slug>/submit/",
    id="get_meta_database_table_form_view",
    summary="Read a form",
    description="What a page needs to show the form: its texts and images, and the fields it asks for in their order, "
    "each with the conditions under which it is shown.",
    response=schemas.PublicForm,
    errors=_FORM,
    optional_auth=True,
)
def read_form(slug: str) -> Any:
    """A form as visitors see it."""
    return public.read_form(slug)


@forms.operation(
    "POST",
    "/<string:slug>/submit/",
    id="submit_database_table_form_view",
    summary="Fill in a form",
    description="Makes a row of the values, given by `field_<id>`; values of fields the form does not ask for are "
    "ignored. When one does not fit, or a required one is missing, the answer names all such fields and nothing is "
    "stored. A field with conditions is required only while they fit the other values, and may then be left out but "
    "not be emptied. From one address, and for all, a form can be filled in only so often within an hour.",
    body=schemas.SubmissionBody,
    streamed=True,
    response=schemas.Submitted,
    errors=(
        *_FORM,
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_FIELD_DATA_CONSTRAINT",
        "ERROR_CANNOT_CREATE_ROWS_IN_TABLE",
        ("ERROR_TOO_MANY_FORM_SUBMISSIONS", 429),
    ),
    optional_auth=True,
)
def submit_form(slug: str) -> Any:
    """Store what somebody filled in."""
    return submission.submit(slug, json_body())


@forms.operation(
    "POST",
    "/<string:slug>/upload-file/",
    id="upload_file_form_view",
    summary="Upload a file for a form",
    description="Takes a form (`multipart/form-data`) with the file in `file`, if the form asks for a file. The `name` "
    "in the answer is what the file's field is given when the form is submitted. From one address only so many files "
    "are taken within an hour.",
    form=UploadForm,
    response=UserFileJson,
    errors=(
        "ERROR_VIEW_DOES_NOT_EXIST",
        ("ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW", 401),
        "ERROR_VIEW_HAS_NO_PUBLIC_FILE_FIELD",
        "ERROR_INVALID_FILE",
        "ERROR_FILE_SIZE_TOO_LARGE",
        ("ERROR_TOO_MANY_FORM_UPLOADS", 429),
    ),
    optional_auth=True,
)
def upload_file(slug: str) -> Any:
    """Keep a file of a visitor."""
    return uploads.upload(slug)
