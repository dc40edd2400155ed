"""HTTP operations with which administrators set up ways to sign in."""

from __future__ import annotations

from typing import Any

from core.sign_in import schemas
from core.sign_in import service as providers
from plugin_api.http import Blueprint, json_body

blueprint = Blueprint(
    "admin_auth_providers",
    __name__,
    url_prefix="/api/admin/auth-provider",
    description="Ways to sign in, for administrators",
)
blueprints: list[Blueprint] = [blueprint]

_NOT_FOUND = "ERROR_AUTH_PROVIDER_DOES_NOT_EXIST"
_LAST = "ERROR_CANNOT_DISABLE_ALL_AUTH_PROVIDERS"


@blueprint.operation(
    "GET",
    "/",
    id="list_auth_providers",
    summary="List the providers",
    description="Every kind of provider people can sign in with, and the providers of it that were set up, secrets"
    " included. For staff.",
    response=schemas.ProviderTypesAnswer,
    staff=True,
)
def list_providers() -> dict[str, Any]:
    """All providers by type."""
    return {"auth_provider_types": providers.list_types()}


@blueprint.operation(
    "POST",
    "/",
    id="create_auth_provider",
    summary="Set up a provider",
    description="Lets people sign in with another provider. What else to give depends on its type. For staff.",
    body=schemas.NewProviderBody,
    response=schemas.ProviderAnswer,
    staff=True,
    errors=("ERROR_AUTH_PROVIDER_CANNOT_BE_CREATED",),
)
def create_provider(body: dict[str, Any]) -> dict[str, Any]:
    """Set up."""
    return providers.create(body["type"], body["values"])


@blueprint.operation(
    "GET",
    "/<int:auth_provider_id>/",
    id="get_auth_provider",
    summary="Read a provider",
    description="A provider with its settings, secrets included. For staff.",
    response=schemas.ProviderAnswer,
    staff=True,
    errors=(_NOT_FOUND,),
)
def get_provider(auth_provider_id: int) -> dict[str, Any]:
    """One provider."""
    return providers.read(auth_provider_id)


@blueprint.operation(
    "PATCH",
    "/<int:auth_provider_id>/",
    id="update_auth_provider",
    summary="Change a provider",
    description="Changes the settings that are given; the type of a provider stays. One provider is always switched"
    " on. For staff.",
    body=schemas.ProviderChangesBody,
    response=schemas.ProviderAnswer,
    staff=True,
    streamed=True,
    errors=(_NOT_FOUND, _LAST),
)
def update_provider(auth_provider_id: int) -> dict[str, Any]:
    """Change."""
    return providers.update(auth_provider_id, json_body)


@blueprint.operation(
    "DELETE",
    "/<int:auth_provider_id>/",
    id="delete_auth_provider",
    summary="Remove a provider",
    description="Nobody can sign in with it any more; the accounts stay. For staff.",
    status=204,
    staff=True,
    errors=(_NOT_FOUND, "ERROR_AUTH_PROVIDER_CANNOT_BE_DELETED", _LAST),
)
def delete_provider(auth_provider_id: int) -> None:
    """Remove."""
    providers.delete(auth_provider_id)
