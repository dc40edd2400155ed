"""The page for administrators as a browser without scripts shows it."""

from __future__ import annotations

import re

from werkzeug.test import Client, TestResponse

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class AdminPage:
    """Signed in; implements `plugin_api.testing.AdminPage`."""

    def __init__(self, client: Client, email: str, password: str) -> None:
        self._client = client
        self._token = ""
        self.open("/admin/sign-in")
        self.send("/admin/sign-in", email=email, password=password, next="")
        self.open("/admin/")

    def open(self, path: str) -> str:
        """The text of a page."""
        return self._shown(self._client.get(path, follow_redirects=True), path)

    def send(self, path: str, **form: str) -> str:
        """Send a form to an address; answers the text of the page that comes then, also when it was refused."""
        values = {"form_token": self._token, **form}
        return self._shown(self._client.post(path, data=values, follow_redirects=True), path)

    def _shown(self, answer: TestResponse, path: str) -> str:
        text = answer.get_data(as_text=True)
        assert answer.status_code < 500, f"{path} answers {answer.status_code}: {text[:300]}"
        found = _TOKEN.search(text)
        self._token = found[1] if found else self._token
        return text
