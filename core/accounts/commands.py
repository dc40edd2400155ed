"""Commands about accounts: making one, and setting a forgotten password."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import marshmallow as ma

from core.accounts import service
from core.cli.composition import Composition
from core.cli.services import services
from core.instance import values as instance
from plugin_api import actions, context
from plugin_api.context import Actor
from plugin_api.db import begin
from plugin_api.errors import ApiError
from plugin_api.schemas import Email, NewPassword, Schema, Str

_data_dir = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the embedded servers."
)
_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")


class NewUser(Schema):
    """What makes an account."""

    name = Str(required=True, min_length=2, max_length=150)
    email = Email(required=True, max_length=254)
    password = NewPassword(required=True)


@click.group()
def user() -> None:
    """Accounts: make one, set a forgotten password."""


@user.command()
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", required=True, help="Name others see.")
@click.option("--staff", is_flag=True, help="Make the user an administrator of the instance.")
@_stdin
@_data_dir
@click.pass_obj
def create(
    composition: Composition, email: str, name: str, staff: bool, password_stdin: bool, data_dir: Path | None
) -> None:
    """Make an account."""
    given = _checked({"email": email, "name": name, "password": _password(password_stdin)})
    with services(composition, data_dir), begin(), context.acting_as(Actor("system")), _in_words():
        made = service.create_user(given["name"], given["email"], given["password"], is_staff=staff)
        if staff:
            instance.change({"show_admin_signup_page": False})
        actions.record("create_user", scope="root", workspace_id=None, params={"email": made.email})
    click.echo(f"Made {'the administrator' if staff else 'the user'} {given['email']}.")


@user.command("reset-password")
@click.option("--email", required=True, help="Address of the account.")
@_stdin
@_data_dir
@click.pass_obj
def reset_password(composition: Composition, email: str, password_stdin: bool, data_dir: Path | None) -> None:
    """Set a new password; all sessions of the user end."""
    given = _checked({"email": email, "password": _password(password_stdin)}, partial=True)
    with services(composition, data_dir), begin(), context.acting_as(Actor("system")):
        found = service.by_email(given["email"])
        if found is None:
            raise click.ClickException(f"There is no account of {given['email']}.")
        service.set_password(found, given["password"])
        actions.record("reset_user_password", scope="root", workspace_id=None, params={"email": found.email})
    click.echo(f"The password of {given['email']} is set.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _checked(given: dict[str, str], partial: bool = False) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = NewUser().load(given, partial=partial)
    except ma.ValidationError as error:
        found: Any = error.messages
        lines = [f"{key}: {problem['error']}" for key, problems in found.items() for problem in problems]
        raise click.ClickException("\n".join(lines)) from None
    return loaded


@contextmanager
def _in_words() -> Iterator[None]:
    """Tells the API's errors the way commands do."""
    try:
        yield
    except ApiError as error:
        raise click.ClickException(str(error.detail)) from None


COMMANDS = (user,)
