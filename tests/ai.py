"""A server on this machine that stands for a model: it notes what it is asked and answers what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = str | tuple[int, Any]


class ModelServer:
    """Speaks as Ollama, as OpenAI and as Anthropic, by the path it is asked at.

    `reply` makes of a prompt the text to answer, or a status and a body.
    """

    def __init__(self) -> None:
        self.reply: Callable[[str], Answer] = lambda prompt: f"<{prompt}>"
        self.asked: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands questions to the server around it."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append({"path": self.path, "headers": dict(self.headers), "body": body})
                status, told = outer.answer(self.path, body)
                data = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The status and the body of an answer."""
        prompt = body["prompt"] if "prompt" in body else body["messages"][0]["content"]
        told = self.reply(prompt)
        if not isinstance(told, str):
            return told
        if path.endswith("/chat/completions"):
            return 200, {"choices": [{"message": {"role": "assistant", "content": told}}]}
        if path.endswith("/messages"):
            return 200, {"content": [{"type": "text", "text": told[:1]}, {"type": "text", "text": told[1:]}]}
        return 200, {"model": body["model"], "response": told, "done": True}

    def prompts(self) -> list[str]:
        """What Ollama was asked, in order."""
        return [asked["body"]["prompt"] for asked in self.asked]

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
