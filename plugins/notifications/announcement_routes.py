"""What administrators tell everybody: HTTP operations, a command, and a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from marshmallow import fields as mf

from plugin_api.administration import AdminSection
from plugin_api.http import Blueprint, load_value
from plugin_api.schemas import Bool, Schema, Str, Url, as_int
from plugins.notifications import broadcasts

blueprint = Blueprint(
    "announcements", __name__, url_prefix="/api/admin/announcements", description="What everybody is told"
)


class AnnouncementBody(Schema):
    """What to tell everybody."""

    title = Str(required=True, max_length=200)
    text = Str(load_default=None, allow_none=True, max_length=5000)
    url = Url(load_default=None, allow_none=True, max_length=2000)
    mail = Bool(load_default=False, metadata={"description": "Whether it is mailed too, as often as each user wants."})


class AnnouncementAnswer(Schema):
    """What everybody was told."""

    id = mf.Integer()
    created_on = mf.DateTime()
    title = mf.String()
    text = mf.String(allow_none=True)
    url = mf.String(allow_none=True)


@blueprint.operation(
    "GET",
    "/",
    id="admin_list_announcements",
    summary="List the announcements",
    description="What everybody was told, the latest 100 first. For staff.",
    response=AnnouncementAnswer(many=True),
    staff=True,
)
def list_announcements() -> Any:
    """The announcements."""
    return broadcasts.announcements()


@blueprint.operation(
    "POST",
    "/",
    id="admin_create_announcement",
    summary="Tell everybody something",
    description="Puts a notification into the list of everybody who has an account now; with `mail` it is mailed too, "
    "to those who want mails and as often as they want them. For staff.",
    body=AnnouncementBody,
    response=AnnouncementAnswer,
    staff=True,
)
def create_announcement(body: dict[str, Any]) -> Any:
    """Tell it."""
    return broadcasts.announce(body["title"], body["text"], body["url"], body["mail"])


@blueprint.operation(
    "DELETE",
    "/<int:announcement_id>/",
    id="admin_delete_announcement",
    summary="Withdraw an announcement",
    description="Takes it out of everybody's list. What was mailed stays so. For staff.",
    status=204,
    errors=("ERROR_NOTIFICATION_DOES_NOT_EXIST",),
    staff=True,
)
def delete_announcement(announcement_id: int) -> None:
    """Withdraw it."""
    broadcasts.withdraw(announcement_id)


@click.command("notify")
@click.argument("title")
@click.option("--text", help="More to read.")
@click.option("--url", help="Where to read more.")
@click.option("--mail", is_flag=True, help="Mail it too, as often as each user wants mails.")
def notify(title: str, text: str | None, url: str | None, mail: bool) -> None:
    """Tell everybody TITLE: a notification in the list of all who have an account."""
    given = load_value(AnnouncementBody(), {"title": title, "text": text, "url": url, "mail": mail})
    made = broadcasts.announce(given["title"], given["text"], given["url"], given["mail"])
    click.echo(f"Told everybody. It is announcement {made['id']}.")


def _send(form: Mapping[str, str]) -> str:
    given = {key: form.get(key, "").strip() or None for key in ("title", "text", "url")}
    body = load_value(AnnouncementBody(), {**given, "title": given["title"] or "", "mail": bool(form.get("mail"))})
    broadcasts.announce(body["title"], body["text"], body["url"], body["mail"])
    return "Everybody is told."


def _withdraw(form: Mapping[str, str]) -> str:
    broadcasts.withdraw(as_int(form.get("id")) or 0)
    return "The announcement is withdrawn."


SECTION = AdminSection(
    type="announcements",
    title="Announcements",
    template="plugins.notifications:announcements.html",
    values=lambda: {"announcements": broadcasts.announcements()},
    actions={"send": _send, "withdraw": _withdraw},
)
