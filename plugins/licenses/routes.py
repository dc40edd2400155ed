"""HTTP operations on licences, for staff."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from plugin_api import paging
from plugin_api.http import Blueprint
from plugin_api.schemas import Nested, Schema, Str
from plugins.licenses import service

blueprint = Blueprint("licenses", __name__, url_prefix="/api/licenses", description="Licences of the instance")

_UNKNOWN = "ERROR_LICENSE_DOES_NOT_EXIST"
_BY_HAND = "ERROR_CANT_MANUALLY_CHANGE_SEATS"
_LONGEST = 20_000


class LicenseBody(Schema):
    """A licence."""

    license = Str(required=True, max_length=_LONGEST, metadata={"description": "Its text, as the seller sent it."})


class LookupQuery(paging.PageQuery):
    """Whom to look for."""

    search = mf.String(load_default="", metadata={"description": "A part of a name or an address."})


class LicenseUserAnswer(Schema):
    """Somebody who has a seat."""

    id = mf.Integer()
    first_name = mf.String()
    email = mf.Email()


class LicenseAnswer(Schema):
    """A licence."""

    id = mf.Integer()
    license_id = mf.String(metadata={"description": "The seller's number of it."})
    is_active = mf.Boolean(metadata={"description": "Whether it counts: its signature is good, and its time is now."})
    last_check = mf.DateTime(allow_none=True)
    valid_from = mf.DateTime()
    valid_through = mf.DateTime()
    free_users_count = mf.Integer(
        metadata={"description": "Where everybody has it: how many only read and comment, which takes no seat."}
    )
    seats_taken = mf.Integer()
    seats = mf.Integer()
    application_users_taken = mf.Integer()
    application_users = mf.Integer()
    product_code = mf.String()
    issued_on = mf.DateTime()
    issued_to_email = mf.String()
    issued_to_name = mf.String()


class LicenseWithUsersAnswer(LicenseAnswer):
    """A licence with who has a seat."""

    users = mf.List(Nested(LicenseUserAnswer))


class LicenseLookupEntry(Schema):
    """Somebody who has no seat."""

    id = mf.Integer()
    value = mf.String(metadata={"description": "Name and address."})


class LicenseLookupAnswer(paging.PageAnswer):
    """A page of them."""

    results = mf.List(Nested(LicenseLookupEntry))


@blueprint.operation(
    "GET",
    "/",
    id="admin_licenses",
    summary="List the licences",
    description="The licences of the instance, in the order in which they were registered. For staff.",
    response=LicenseAnswer(many=True),
    staff=True,
)
def list_licenses() -> Any:
    """All of them."""
    return service.every()


@blueprint.operation(
    "POST",
    "/",
    id="admin_register_license",
    summary="Register a licence",
    description="A licence that was issued later takes the place of the earlier one with the same id, and those who "
    "have seats keep them as far as there are any. For staff.",
    body=LicenseBody,
    response=LicenseAnswer,
    errors=(
        "ERROR_INVALID_LICENSE",
        "ERROR_UNSUPPORTED_LICENSE",
        "ERROR_PREMIUM_LICENSE_INSTANCE_ID_MISMATCH",
        "ERROR_LICENSE_HAS_EXPIRED",
        "ERROR_LICENSE_ALREADY_EXISTS",
    ),
    staff=True,
)
def register_license(body: dict[str, Any]) -> Any:
    """Register one."""
    return service.register(body["license"])


@blueprint.operation(
    "GET",
    "/<int:id>/",
    id="admin_get_license",
    summary="Read a licence",
    description="A licence with who has a seat. For staff.",
    response=LicenseWithUsersAnswer,
    errors=(_UNKNOWN,),
    staff=True,
)
def get_license(id: int) -> Any:
    """One of them."""
    return service.read(id)


@blueprint.operation(
    "DELETE",
    "/<int:id>/",
    id="admin_remove_license",
    summary="Remove a licence",
    description="Removes a licence with its seats. What people made with its features stays. For staff.",
    status=204,
    errors=(_UNKNOWN,),
    staff=True,
)
def remove_license(id: int) -> None:
    """Remove one."""
    service.remove(id)


@blueprint.operation(
    "GET",
    "/<int:id>/check/",
    id="admin_license_check",
    summary="Check a licence again",
    description="Looks again whether its signature is good and its time is now; nobody else is asked. For staff.",
    response=LicenseWithUsersAnswer,
    errors=(_UNKNOWN,),
    staff=True,
)
def check_license(id: int) -> Any:
    """Check one."""
    return service.check(id)


@blueprint.operation(
    "GET",
    "/<int:id>/lookup-users/",
    id="admin_license_lookup_users",
    summary="Look for people without a seat",
    description="Active users who have no seat of the licence. For staff.",
    query=LookupQuery,
    response=LicenseLookupAnswer,
    errors=(_UNKNOWN,),
    staff=True,
)
def lookup_users(id: int, query: dict[str, Any]) -> Any:
    """A page of users."""
    window = paging.page_or_most()
    return window.answer(*service.lookup(id, query["search"], window.limit, window.offset))


@blueprint.operation(
    "POST",
    "/<int:id>/fill-seats/",
    id="admin_fill_remaining_seats_of_license",
    summary="Fill the seats of a licence",
    description="Gives the seats that are left to active users who have none, the oldest accounts first. For staff.",
    response=LicenseUserAnswer(many=True),
    errors=(_UNKNOWN, _BY_HAND),
    staff=True,
)
def fill_seats(id: int) -> Any:
    """Fill them."""
    return service.fill(id)


@blueprint.operation(
    "POST",
    "/<int:id>/remove-all-users/",
    id="admin_remove_all_users_from_license",
    summary="Take all seats of a licence",
    description="Nobody has a seat afterwards. For staff.",
    status=204,
    errors=(_UNKNOWN, _BY_HAND),
    staff=True,
)
def remove_all_users(id: int) -> None:
    """Take them."""
    service.remove_all(id)


@blueprint.operation(
    "POST",
    "/<int:id>/<int:user_id>/",
    id="admin_add_user_to_license",
    summary="Give a user a seat",
    description="Gives a user what the licence is for. For staff.",
    response=LicenseUserAnswer,
    errors=(
        _UNKNOWN,
        _BY_HAND,
        "ERROR_USER_NOT_FOUND",
        "ERROR_USER_ALREADY_IN_PREMIUM_LICENSE",
        "ERROR_NO_SEATS_LEFT_IN_LICENSE",
    ),
    staff=True,
)
def add_user(id: int, user_id: int) -> Any:
    """Give a seat."""
    return service.add_user(id, user_id)


@blueprint.operation(
    "DELETE",
    "/<int:id>/<int:user_id>/",
    id="admin_remove_user_from_license",
    summary="Take a user's seat",
    description="The user has no seat of the licence afterwards. For staff.",
    status=204,
    errors=(_UNKNOWN, _BY_HAND, "ERROR_USER_NOT_FOUND"),
    staff=True,
)
def remove_user(id: int, user_id: int) -> None:
    """Take a seat."""
    service.remove_user(id, user_id)
