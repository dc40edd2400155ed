"""The OpenAPI document says everything about every operation; the page that shows it needs no other host."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from plugin_api.http import OperationInfo

ROOT = Path(__file__).parents[2]
METHODS = ("get", "post", "put", "patch", "delete")
# They answer a text, or only say that it is done.
WITHOUT_CONTENT = {
    "celery_queue_size_check",
    "generate_table_ai_field_value",
    "health_check",
}


@pytest.fixture(scope="session")
def document(app: Flask) -> dict[str, Any]:
    """The document as it is served."""
    response = app.test_client().get("/api/schema.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.get_json()
    return found


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Method, operation and path of all."""
    for path in document["paths"].values():
        for method in METHODS:
            if method in path:
                yield method, path[method], path


def _infos(app: Flask) -> dict[str, OperationInfo]:
    found = (getattr(view, "operation", None) for view in app.view_functions.values())
    return {info.id: info for info in found if info is not None}


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document, cls=OpenAPIV30SpecValidator)
    assert document["info"]["description"]
    assert set(document["components"]["securitySchemes"]) == {"JWT", "Token"}


def test_every_operation_of_the_application_is_there(app: Flask, document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation, _ in _operations(document)]
    assert sorted(ids) == sorted(_infos(app))
    undocumented = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not hasattr(app.view_functions[rule.endpoint], "operation")
    }
    assert all(rule.startswith("/api/docs") or rule == "/api/schema.json" for rule in undocumented), undocumented


def test_operations_are_described(document: dict[str, Any]) -> None:
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    for _, operation, _ in _operations(document):
        name = operation["operationId"]
        if name.startswith("lab_"):
            continue
        assert re.fullmatch(r"[A-Z][^.]{2,60}", operation["summary"]), name
        assert len(operation["description"]) > 15 and operation["description"].endswith("."), name
        assert operation["description"] != operation["summary"], name
        assert [tags[tag] for tag in operation["tags"]] != [""], f"{name}: its blueprint needs a description"
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), f"{name}: what is {parameter['name']}?"
        texts = [operation["description"], *(found["description"] for found in operation.get("parameters", []))]
        loose = [text for text in texts if "<" in re.sub(r"`[^`]*`", "", text)]
        assert not loose, f"{name}: pages take <...> for markup, put it between backticks: {loose}"


def test_operations_document_bodies_and_answers(document: dict[str, Any]) -> None:
    for method, operation, _ in _operations(document):
        name, responses = operation["operationId"], operation["responses"]
        assert "default" in responses
        good = [status for status in responses if status.startswith(("2", "3"))]
        assert len(good) == 1, name
        if good not in (["204"], ["302"]) and name not in WITHOUT_CONTENT and not name.startswith("lab_"):
            assert "content" in responses[good[0]], f"{name} does not say what it answers"
        for status, response in responses.items():
            if status.startswith("4"):
                assert response["description"] and response["content"], name
        assert method != "get" or "requestBody" not in operation, name


def test_operations_document_the_errors_of_what_they_ask_for(app: Flask, document: dict[str, Any]) -> None:
    infos = _infos(app)
    for _, operation, path in _operations(document):
        info, responses = infos[operation["operationId"]], operation["responses"]
        if info.id.startswith("lab_"):
            continue
        if info.required:
            assert operation["security"] == [{scheme: []} for scheme in info.schemes]
            assert "401" in responses or (info.schemes == ("Token",) and "403" in responses), info.id
        else:
            assert not operation["security"] or {} in operation["security"], info.id
        assert not info.staff or "403" in responses, info.id
        assert "requestBody" not in operation or {"400", "413", "415"} <= set(responses), info.id
        if "parameters" in path and not info.id.endswith("_by_token"):
            unknown = "400" if info.id in ("admin_edit_user", "admin_delete_user") else "404"
            unknown = "302" if "302" in responses else unknown
            assert unknown in responses, f"{info.id} does not say what an unknown id gets"


def _raised() -> dict[str, set[int]]:
    """The statuses each code is raised with anywhere in the product."""
    found: dict[str, set[int]] = {}
    for folder in ("core", "plugins", "plugin_api"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                    code, status = _refusal(node.func.id, [getattr(arg, "value", None) for arg in node.args])
                    found.setdefault(code, set()).add(status)
    return found


def _refusal(called: str, arguments: list[Any]) -> tuple[str, int]:
    if called == "does_not_exist":
        return f"ERROR_{str(arguments[0]).upper()}_DOES_NOT_EXIST", 404
    return (str(arguments[0]), [*arguments, 400][1]) if called == "ApiError" else ("", 0)


def test_codes_are_documented_with_the_status_they_are_raised_with(app: Flask) -> None:
    raised = _raised()
    wrong = {
        f"{info.id}: {code} {status}, raised with {raised[code]}"
        for info in _infos(app).values()
        for code, status in info.errors.items()
        if code in raised and status not in raised[code] and not (info.schemes == ("Token",) and status == 403)
    }
    assert not wrong


def test_limits_of_fields_are_in_the_schemas(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["WorkspaceBody"]["properties"]["name"]["maxLength"] == 165
    assert schemas["SignUpBody"]["properties"]["email"]["format"] == "email"
    assert schemas["NewRowsBody"]["properties"]["items"]["maxItems"] == 200
    assert "detail" in schemas["Error"]["properties"]


def test_the_page_needs_no_other_host(client: FlaskClient) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200 and page.content_type == "text/html; charset=utf-8"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "http" not in policy and "*" not in policy
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)
    assert "swagger-ui-bundle.js" in addresses
    for address in addresses:
        assert not re.match(r"(?:[a-z]+:)?//", address), address
        asset = client.get(urljoin("/api/docs/", address), buffered=True)
        assert asset.status_code == 200, address
        if address.endswith(".css"):
            assert not re.search(r"url\((?![\"']?data:)", asset.text), "a style refers to another file"
    start = client.get("/api/docs/start.js").text
    assert "//" not in re.sub(r"^//.*$", "", start, flags=re.MULTILINE)
    assert "validatorUrl: null" in start


def test_the_page_without_its_slash_leads_to_it(client: FlaskClient) -> None:
    response = client.get("/api/docs")
    assert response.status_code == 302 and response.headers["Location"].endswith("/api/docs/")


def test_assets_are_kept_by_browsers(client: FlaskClient) -> None:
    first = client.get("/api/docs/swagger-ui.css", buffered=True)
    again = client.get("/api/docs/swagger-ui.css", buffered=True, headers={"If-None-Match": first.headers["ETag"]})
    assert "max-age" in first.headers["Cache-Control"] and again.status_code == 304
