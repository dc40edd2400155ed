"""HTTP operations of database tokens."""

from __future__ import annotations

from typing import Any

from plugin_api.http import TOKEN, Blueprint
from plugins.database_tokens import schemas, service

tokens = Blueprint(
    "database_tokens",
    __name__,
    url_prefix="/api/database/tokens",
    description="Keys with which programs read and write rows without a user's session.",
)
tables = Blueprint(
    "database_token_tables",
    __name__,
    url_prefix="/api/database/tables",
    description="What a database token may work with.",
)
blueprints: list[Blueprint] = [tokens, tables]

_OF_TOKEN = ("ERROR_TOKEN_DOES_NOT_EXIST", "ERROR_USER_NOT_IN_GROUP")


@tokens.operation(
    "GET",
    "/",
    id="list_database_tokens",
    summary="List your tokens",
    description="The tokens you made, in all workspaces you are a member of. Nobody else sees them.",
    response=schemas.TokenAnswer(many=True),
)
def list_tokens() -> Any:
    """The user's tokens."""
    return service.list_tokens()


@tokens.operation(
    "POST",
    "/",
    id="create_database_token",
    summary="Create a token",
    description="Makes a token with a random key that may do everything with the rows of the workspace. Narrow its"
    " permissions before you hand it out.",
    body=schemas.CreateToken,
    response=schemas.TokenAnswer,
    errors=("ERROR_USER_NOT_IN_GROUP", "ERROR_REQUEST_BODY_VALIDATION"),
)
def create_token(body: dict[str, Any]) -> Any:
    """Create a token."""
    return service.create_token(body["workspace"], body["name"])


@tokens.operation(
    "GET",
    "/<int:token_id>/",
    id="get_database_token",
    summary="Get a token",
    description="One of your tokens with its key and permissions.",
    response=schemas.TokenAnswer,
    errors=_OF_TOKEN,
)
def get_token(token_id: int) -> Any:
    """One token."""
    return service.read_token(token_id)


@tokens.operation(
    "PATCH",
    "/<int:token_id>/",
    id="update_database_token",
    summary="Change a token",
    description="Changes the name or the permissions, or makes a new key when the one before got into wrong hands."
    " All take effect with the next request.",
    body=schemas.UpdateToken,
    response=schemas.TokenAnswer,
    errors=(
        *_OF_TOKEN,
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_DATABASE_DOES_NOT_BELONG_TO_GROUP",
    ),
)
def update_token(token_id: int, body: dict[str, Any]) -> Any:
    """Change a token."""
    return service.update_token(token_id, body)


@tokens.operation(
    "DELETE",
    "/<int:token_id>/",
    id="delete_database_token",
    summary="Delete a token",
    description="Deletes the token for good. Programs that use it are refused from the next request on.",
    status=204,
    errors=_OF_TOKEN,
)
def delete_token(token_id: int) -> None:
    """Delete a token."""
    service.delete_token(token_id)


@tokens.operation(
    "GET",
    "/check/",
    id="check_database_token",
    summary="Check a token",
    description="Tells a program whether its token is good. Answers the key it came with, or 403.",
    response=schemas.CheckAnswer,
    errors=("ERROR_TOKEN_DOES_NOT_EXIST",),
    auth=TOKEN,
)
def check_token() -> Any:
    """Check the token."""
    return service.check_token()


@tables.operation(
    "GET",
    "/all-tables/",
    id="list_all_token_tables",
    summary="List the tables of a token",
    description="The tables in which the token may do anything at all, in the order of their databases.",
    response=schemas.TokenTable(many=True),
    errors=("ERROR_TOKEN_DOES_NOT_EXIST",),
    auth=TOKEN,
)
def all_tables() -> Any:
    """The token's tables."""
    return service.tables_of_token()
