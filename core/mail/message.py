"""Messages: templates rendered as text and HTML, ready to be sent or queued."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

_OWN = "core.mail"


@dataclass(frozen=True)
class Message:
    """A mail to one address."""

    to: str
    subject: str
    text: str
    html: str

    def to_json(self) -> dict[str, str]:
        """The message for the queue."""
        return asdict(self)

    def to_mime(self, sender: str) -> EmailMessage:
        """The message as it is sent."""
        mime = EmailMessage()
        mime["From"], mime["To"], mime["Subject"] = sender, self.to, self.subject
        mime["Date"] = formatdate()
        mime["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
        mime["Auto-Submitted"] = "auto-generated"
        mime.set_content(self.text)
        mime.add_alternative(self.html, subtype="html")
        return mime


def _source(name: str) -> tuple[str, str, Callable[[], bool]] | None:
    package, _, file = name.rpartition(":")
    found = files(package or _OWN).joinpath("templates", file)
    return (found.read_text("utf-8"), name, lambda: True) if found.is_file() else None


_templates = Environment(
    loader=FunctionLoader(_source),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(to: str, subject: str, template: str, values: Mapping[str, Any]) -> Message:
    """The message of a template: `name` of the core's own, `package:name` in the package's folder `templates`."""
    told = {"subject": " ".join(subject.split()), **values}
    text = _templates.get_template(f"{template}.txt").render(told)
    html = _templates.get_template(f"{template}.html").render(told)
    return Message(to, told["subject"], text, html)
