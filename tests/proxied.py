"""nginx in front of web processes, with the configuration that the product comes with."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.runtime.processes import wait_until
from tests.installed import ROOT

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
_OUTER = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Nginx:
    """A running nginx."""

    def __init__(self, folder: Path, ports: Sequence[int]) -> None:
        self._folder, self._ports = folder, list(ports)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "nginx.conf").write_text(_OUTER.format(folder=folder))
        self._write(None)
        assert PROGRAM is not None
        self._command = [PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        self.process = subprocess.Popen(self._command)
        assert wait_until(self._answers, 20), (folder / "error.log").read_text()

    def _write(self, left_out: int | None) -> None:
        """The product's configuration with the ports of the test, and one of them marked as down."""
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        text, found = re.subn(r"listen 80;", f"listen 127.0.0.1:{self.port};", text)
        assert found == 1
        marks = [" down" if port == left_out else r"\2" for port in self._ports]
        lines = [f"    server 127.0.0.1:{port}{mark};\n" for port, mark in zip(self._ports, marks, strict=True)]
        text, found = re.subn(r"( *server 127\.0\.0\.1:\d+([^\n]*);\n)+", "".join(lines), text)
        assert found == 1
        (self._folder / "site.conf").write_text(text)

    def leave_out(self, port: int | None) -> None:
        """Send no more requests to this port; None: to all again. Waits until none is sent as before."""
        before = self._workers()
        self._write(port)
        subprocess.run([*self._command, "-s", "reload"], check=True)
        assert wait_until(lambda: before.isdisjoint(self._workers()), 60)

    def _workers(self) -> set[str]:
        """Its processes that answer requests: after a reload the old ones end when their connections have."""
        pid = self.process.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def _answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def nginx(folder: Path, ports: Sequence[int]) -> Iterator[Nginx]:
    """nginx for a block."""
    folder.mkdir(mode=0o755)
    running = Nginx(folder, ports)
    try:
        yield running
    finally:
        running.stop()
