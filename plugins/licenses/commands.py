"""Commands for those who sell plugins: a pair of keys, and licences signed with it. They need no database."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

import click
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from plugin_api.commands import without_services
from plugins.licenses import keys, texts
from plugins.licenses.texts import InvalidLicence, Licence, UnsupportedLicence

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@without_services
@click.group("licence")
def licence() -> None:
    """Licences: make keys, issue licences for plugins you sell, look at one."""


@licence.command("keys")
@click.argument("private", type=_FILE)
def make_keys(private: Path) -> None:
    """Make a pair of keys: PRIVATE signs licences and is yours alone, PRIVATE.pub is for those who check them."""
    public = private.with_name(f"{private.name}.pub")
    for path in (private, public):
        if path.exists():
            raise click.ClickException(f"{path} is there already.")
    secret, shown = keys.make()
    with open(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(secret)
    public.write_bytes(shown)
    click.echo(f"{private} signs licences: keep it to yourself.")
    click.echo(f"{public} checks them: it belongs to your plugin, or into TABLEWRIGHT_LICENSE_PUBLIC_KEYS.")


@licence.command()
@click.argument("private", type=_THERE)
@click.option("--product", required=True, help="The product code: a product, or the feature of a plugin.")
@click.option("--instance", required=True, help="The id of the instance it is for; its administrators see it.")
@click.option("--through", required=True, type=_DAY, help="The last day it is good, such as 2027-12-31.")
@click.option("--from", "begins", type=_DAY, help="The first day; today by default.")
@click.option("--seats", default=0, type=click.IntRange(0, 2**31 - 1), help="How many people may have it.")
@click.option("--application-users", default=0, type=click.IntRange(0, 2**31 - 1), help="Users of published sites.")
@click.option("--name", required=True, help="Whom it is issued to.")
@click.option("--email", required=True, help="Their e-mail address.")
@click.option("--id", "license_id", help="The id of an earlier licence that this one takes the place of.")
def issue(
    private: Path,
    product: str,
    instance: str,
    through: datetime,
    begins: datetime | None,
    seats: int,
    application_users: int,
    name: str,
    email: str,
    license_id: str | None,
) -> None:
    """Write a licence signed with the key in the file PRIVATE."""
    if not _CODE.fullmatch(product):
        raise click.ClickException("A product code has lower case letters, digits and underscores.")
    now = datetime.now(UTC)
    issued = Licence(
        id=license_id or str(uuid4()),
        valid_from=(begins or now.replace(hour=0, minute=0, second=0, microsecond=0)).replace(tzinfo=UTC),
        valid_through=through.replace(hour=23, minute=59, second=59, tzinfo=UTC),
        product_code=product,
        seats=seats,
        application_users=application_users,
        issued_on=now,
        issued_to_email=email,
        issued_to_name=name,
        instance_id=instance,
    )
    if issued.valid_through < issued.valid_from:
        raise click.ClickException("It would end before it begins.")
    click.echo(texts.write(issued, _private_key(private)))


def _private_key(path: Path) -> RSAPrivateKey:
    try:
        return keys.private_key(path.read_bytes())
    except keys.BadKey as error:
        raise click.ClickException(f"{path}: {error}") from None


@licence.command()
@click.argument("file", type=click.File("r"))
@click.option("--key", type=_THERE, help="The public key of whoever issued it, to check its signature.")
def show(file: IO[str], key: Path | None) -> None:
    """Show what the licence in FILE says ("-" reads it from the input), and whether a key fits its signature."""
    text = texts.plain(file.read())
    try:
        found = texts.read(text)
        fits = texts.is_signed(text, [keys.public_key(key.read_bytes())]) if key else None
    except (InvalidLicence, UnsupportedLicence, keys.BadKey) as error:
        raise click.ClickException(str(error)) from None
    for name, value in vars(found).items():
        click.echo(f"{name:<18} {value.isoformat() if isinstance(value, datetime) else value}")
    if fits is False:
        raise click.ClickException("It was changed after it was signed, or signed with another key.")
    click.echo("The signature is good." if fits else "The signature was not checked: give a --key.")
