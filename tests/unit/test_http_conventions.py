"""Errors of the HTTP layer itself have the API's shape."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_unknown_path_is_json_with_a_request_id(client: FlaskClient) -> None:
    response = client.get("/api/no-such-endpoint/")
    assert response.status_code == 404
    body = response.get_json()
    assert body["error"] == "URL_NOT_FOUND"
    assert response.headers["X-Request-Id"]
