"""The commands about accounts, run as programs of their own."""

from __future__ import annotations

import subprocess
import sys
import uuid

from core.settings import Settings
from tests.conftest import PASSWORD, Api

NEW = "An0ther!secret"


def _run(settings: Settings, *arguments: str, password: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from app import main; main()", "user", *arguments, "--password-stdin"],
        env={
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "TABLEWRIGHT_DATA_DIR": str(settings.data_dir),
        },
        input=f"{password}\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_making_an_administrator_and_setting_the_password(settings: Settings, api: Api, anonymous: Api) -> None:
    email = f"{uuid.uuid4().hex[:12]}@example.com"

    def sign_in(password: str) -> tuple[int, dict[str, dict[str, bool]]]:
        return anonymous.post("/api/user/token-auth/", {"email": email, "password": password})

    made = _run(settings, "create", "--email", email, "--name", "Ops", "--staff", password=PASSWORD)
    assert (made.returncode, made.stdout) == (0, f"Made the administrator {email}.\n"), made.stderr
    status, answer = sign_in(PASSWORD)
    assert (status, answer["user"]["is_staff"]) == (200, True)
    session = Api(anonymous.client, str(answer["access_token"]))
    assert session.get("/api/user/dashboard/")[0] == 200
    again = _run(settings, "create", "--email", email, "--name", "Ops", password=PASSWORD)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert _run(settings, "reset-password", "--email", email, password=NEW).returncode == 0
    assert (sign_in(PASSWORD)[0], sign_in(NEW)[0]) == (401, 200)
    assert session.get("/api/user/dashboard/")[0] == 401


def test_bad_values_are_told_in_words(settings: Settings) -> None:
    short = _run(settings, "create", "--email", "nobody", "--name", "Ops", password="short")
    assert short.returncode == 1
    assert "password: Use at least 8 characters." in short.stderr
    assert "email: " in short.stderr
    unknown = _run(settings, "reset-password", "--email", "nobody@example.com", password=NEW)
    assert (unknown.returncode, "There is no account" in unknown.stderr) == (1, True)
