"""Mail: what plugins call to send one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Mail(Protocol):
    """The service that sends mails after the commit of the running unit of work, from a worker, with retries."""

    def send(self, to: str, subject: str, template: str, values: Mapping[str, Any]) -> None:
        """Send the Jinja2 template `template` (".txt" and ".html" variants) to one address.

        "plugins.stars:welcome" is templates/welcome.txt and .html in the package plugins.stars; HTML templates
        may extend "core.mail:layout.html". Templates also get `subject` and `public_url`.
        """
