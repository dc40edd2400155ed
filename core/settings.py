"""Every setting of the product: its environment variable, type, default and meaning, read once at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from core.settings_checks import hour as _hour
from core.settings_checks import http_url as _http_url
from core.settings_checks import is_own_machine as _is_own_machine
from core.settings_checks import networks as _networks
from core.settings_checks import not_negative as _not_negative
from core.settings_checks import one_of as _one_of
from core.settings_checks import port as _port
from core.settings_checks import positive as _positive
from core.settings_checks import url_with as _url_with
from core.settings_declared import PREFIX, SettingsError, setting
from core.settings_licenses import LicenseSettings
from core.settings_logs import LogSettings
from core.settings_metrics import MetricsSettings
from core.settings_replicas import ReplicaSettings
from core.settings_storage import StorageSettings
from core.settings_tables import TableSettings
from core.settings_templates import TemplateSettings
from core.settings_visitors import VisitorSettings
from core.settings_websockets import WebsocketSettings

__all__ = ["PREFIX", "Settings", "SettingsError", "env_name"]

REFUSE, JOIN = "refuse", "join"


@dataclass(frozen=True, kw_only=True)
class Settings(
    WebsocketSettings,
    VisitorSettings,
    TemplateSettings,
    MetricsSettings,
    LogSettings,
    LicenseSettings,
    ReplicaSettings,
    StorageSettings,
    TableSettings,
):
    """The settings of one process. Build with `Settings.load()`; everything has a working default."""

    database_url: str = setting(
        "DATABASE_URL",
        "PostgreSQL to use, postgresql://user:password@host:port/name. Empty: an embedded one in the data folder.",
        "",
        _url_with("postgresql", "postgres"),
    )
    redis_url: str = setting(
        "REDIS_URL",
        "Redis or Valkey to use, redis://host:port/0. Empty: an embedded one in the data folder.",
        "",
        _url_with("redis", "rediss", "unix"),
    )
    data_dir: Path = setting(
        PREFIX + "DATA_DIR",
        "Folder for the embedded servers, uploaded files and the secret key.",
        Path("data"),
    )
    host: str = setting(PREFIX + "HOST", "Address the web server listens on.", "127.0.0.1")
    port: int = setting(PREFIX + "PORT", "Port the web server listens on; 0 takes a free one.", 8000, _port)
    public_url: str = setting(
        PREFIX + "PUBLIC_URL",
        "Address people reach the product at; links in mails must be under it. Empty: http://HOST:PORT.",
        "",
        _http_url,
    )
    secret_key: str = setting(
        PREFIX + "SECRET_KEY",
        "Key that signs tokens, at least 32 characters. Empty: made at first start and kept in the data folder.",
        "",
    )
    cors_origins: tuple[str, ...] = setting(
        PREFIX + "CORS_ORIGINS", "Origins browsers may call the API from, comma separated; * for any.", ("*",)
    )
    access_token_minutes: int = setting(
        PREFIX + "ACCESS_TOKEN_MINUTES", "Life of an access token, in minutes.", 10, _positive
    )
    refresh_token_hours: int = setting(
        PREFIX + "REFRESH_TOKEN_HOURS", "Life of a refresh token, in hours.", 168, _positive
    )
    web_threads: int = setting(
        PREFIX + "WEB_THREADS",
        "Requests one web process handles at a time; each uses one database connection.",
        5,
        _positive,
    )
    stop_delay_seconds: int = setting(
        PREFIX + "STOP_DELAY_SECONDS",
        "Seconds `tablewright web` takes requests after SIGTERM, no longer ready, so that load balancers notice.",
        0,
        _not_negative,
    )
    worker_threads: int = setting(
        PREFIX + "WORKER_THREADS",
        "Jobs one worker process runs at a time; each uses one database connection.",
        2,
        _positive,
    )
    slow_hook_ms: int = setting(
        PREFIX + "SLOW_HOOK_MS",
        "Milliseconds a plugin may take for its part of an answer or of an event before it is named as slow.",
        500,
        _positive,
    )
    job_sweep_seconds: int = setting(
        PREFIX + "JOB_SWEEP_SECONDS",
        "Seconds between looks for jobs whose worker died or whose place in the queue was lost.",
        10,
        _positive,
    )
    job_attempts: int = setting(
        PREFIX + "JOB_ATTEMPTS", "Times a job is started before it fails because its workers died.", 3, _positive
    )
    job_silent_seconds: int = setting(
        PREFIX + "JOB_SILENT_SECONDS",
        "Seconds a job may run without saying how far it is before its plugin is named as slow.",
        600,
        _positive,
    )
    job_keep_days: int = setting(PREFIX + "JOB_KEEP_DAYS", "Days ended jobs can be looked up.", 7, _positive)
    action_keep_days: int = setting(
        PREFIX + "ACTION_KEEP_DAYS",
        "Days what was done can be undone and sign-ins are counted for administrators; 0 for ever.",
        90,
        _not_negative,
    )
    row_history_keep_days: int = setting(
        PREFIX + "ROW_HISTORY_KEEP_DAYS", "Days the history of rows can be read; 0 for ever.", 180, _not_negative
    )
    notification_mail_hour: int = setting(
        PREFIX + "NOTIFICATION_MAIL_HOUR",
        "Hour of the day (UTC, 0 to 23) at which daily mails of notifications go out, and on Mondays weekly ones.",
        6,
        _hour,
    )
    trash_keep_hours: int = setting(
        PREFIX + "TRASH_KEEP_HOURS", "Hours after which what is in the trash is removed for good.", 72, _positive
    )
    max_snapshots: int = setting(
        PREFIX + "MAX_SNAPSHOTS", "Snapshots of applications a workspace may have.", 50, _positive
    )
    snapshot_keep_days: int = setting(
        PREFIX + "SNAPSHOT_KEEP_DAYS",
        "Days after which snapshots of applications are removed; 0 for never.",
        360,
        _not_negative,
    )
    max_body_bytes: int = setting(
        PREFIX + "MAX_BODY_BYTES",
        "Largest request body in bytes, imports included.",
        512 * 1024 * 1024,
        _positive,
    )
    max_json_bytes: int = setting(
        PREFIX + "MAX_JSON_BYTES",
        "Largest JSON body in bytes, other than an import.",
        20 * 1024 * 1024,
        _positive,
    )
    max_upload_bytes: int = setting(
        PREFIX + "MAX_UPLOAD_BYTES",
        "Largest file in bytes that can be uploaded, from a form or an address.",
        256 * 1024 * 1024,
        _positive,
    )
    export_file_minutes: int = setting(
        PREFIX + "EXPORT_FILE_MINUTES", "Minutes after which exported files are deleted.", 60, _positive
    )
    max_archive_bytes: int = setting(
        PREFIX + "MAX_ARCHIVE_BYTES",
        "Largest archive of applications in bytes that can be uploaded; unpacked it may be ten times as large.",
        512 * 1024 * 1024,
        _positive,
    )
    archive_keep_days: int = setting(
        PREFIX + "ARCHIVE_KEEP_DAYS", "Days after which exported and uploaded archives are deleted.", 5, _positive
    )
    trusted_archive_keys: tuple[str, ...] = setting(
        PREFIX + "TRUSTED_ARCHIVE_KEYS",
        "Keys of other instances whose archives are accepted, comma separated; `tablewright archive-key` prints one.",
        (),
    )
    media_url: str = setting(
        PREFIX + "MEDIA_URL",
        "Address uploaded files are served at, such as https://files.example.org. Empty: the public address.",
        "",
        _http_url,
    )
    allow_private_addresses: tuple[str, ...] = setting(
        PREFIX + "ALLOW_PRIVATE_ADDRESSES",
        "Private networks that requests to addresses given by users may reach, such as 10.0.0.0/8, comma separated"
        " * for all.",
        (),
        _networks,
    )
    ai_openai_url: str = setting(
        PREFIX + "AI_OPENAI_URL",
        "Server that speaks OpenAI's API, such as https://models.example.org/v1. Empty: OpenAI's own.",
        "",
        _http_url,
    )
    ai_openai_api_key: str = setting(
        PREFIX + "AI_OPENAI_API_KEY", "Key for OpenAI, or for the server of TABLEWRIGHT_AI_OPENAI_URL.", ""
    )
    ai_openai_organization: str = setting(
        PREFIX + "AI_OPENAI_ORGANIZATION", "Organization the key for OpenAI belongs to.", ""
    )
    ai_openai_models: tuple[str, ...] = setting(
        PREFIX + "AI_OPENAI_MODELS", "Models of OpenAI all workspaces may use, comma separated.", ()
    )
    ai_anthropic_api_key: str = setting(PREFIX + "AI_ANTHROPIC_API_KEY", "Key for Anthropic.", "")
    ai_anthropic_models: tuple[str, ...] = setting(
        PREFIX + "AI_ANTHROPIC_MODELS", "Models of Anthropic all workspaces may use, comma separated.", ()
    )
    ai_mistral_api_key: str = setting(PREFIX + "AI_MISTRAL_API_KEY", "Key for Mistral.", "")
    ai_mistral_models: tuple[str, ...] = setting(
        PREFIX + "AI_MISTRAL_MODELS", "Models of Mistral all workspaces may use, comma separated.", ()
    )
    ai_openrouter_api_key: str = setting(PREFIX + "AI_OPENROUTER_API_KEY", "Key for OpenRouter.", "")
    ai_openrouter_models: tuple[str, ...] = setting(
        PREFIX + "AI_OPENROUTER_MODELS", "Models of OpenRouter all workspaces may use, comma separated.", ()
    )
    ai_ollama_host: str = setting(
        PREFIX + "AI_OLLAMA_HOST",
        "Ollama server all workspaces may use, http://host:11434.",
        "",
        _http_url,
    )
    ai_ollama_models: tuple[str, ...] = setting(
        PREFIX + "AI_OLLAMA_MODELS", "Models of that Ollama server, comma separated.", ()
    )
    ai_allow_private_addresses: tuple[str, ...] = setting(
        PREFIX + "AI_ALLOW_PRIVATE_ADDRESSES",
        "Private networks in which workspaces may have Ollama servers of their own, such as 10.0.0.0/8, comma separated"
        "; * for all. An instance that serves its own machine alone also reaches those there.",
        (),
        _networks,
    )
    ai_timeout_seconds: int = setting(
        PREFIX + "AI_TIMEOUT_SECONDS", "Seconds an AI model may take for one answer.", 120, _positive
    )
    webhooks_per_table: int = setting(PREFIX + "WEBHOOKS_PER_TABLE", "Webhooks a table may have.", 20, _positive)
    webhook_timeout_seconds: int = setting(
        PREFIX + "WEBHOOK_TIMEOUT_SECONDS", "Seconds a webhook's receiver has for its answer.", 5, _positive
    )
    webhook_attempts: int = setting(
        PREFIX + "WEBHOOK_ATTEMPTS",
        "Times a delivery of a webhook is tried, with twice the pause after each, before it is given up.",
        9,
        _positive,
    )
    webhook_failures: int = setting(
        PREFIX + "WEBHOOK_FAILURES",
        "Deliveries in a row that are given up before their webhook is switched off.",
        8,
        _positive,
    )
    webhook_log_entries: int = setting(
        PREFIX + "WEBHOOK_LOG_ENTRIES", "Calls each webhook remembers, the latest ones.", 10, _positive
    )
    webhook_threads: int = setting(
        PREFIX + "WEBHOOK_THREADS", "Webhooks one worker process calls at a time.", 16, _positive
    )
    ical_max_events: int = setting(
        PREFIX + "ICAL_MAX_EVENTS",
        "Events in the iCal feed of a calendar; of more rows, those with the latest dates.",
        5000,
        _positive,
    )
    plugins: tuple[str, ...] = setting(
        PREFIX + "PLUGINS",
        "Names of the plugins to load, comma separated. Empty: all that are installed.",
        (),
    )
    disabled_plugins: tuple[str, ...] = setting(
        PREFIX + "DISABLED_PLUGINS", "Names of installed plugins not to load, comma separated.", ()
    )
    mail_backend: str = setting(
        PREFIX + "MAIL_BACKEND",
        "console writes mails to the log; smtp sends them.",
        "console",
        _one_of("console", "smtp"),
    )
    mail_from: str = setting(PREFIX + "MAIL_FROM", "Sender of mails.", "Tablewright <no-reply@localhost>")
    smtp_url: str = setting(
        PREFIX + "SMTP_URL",
        "Mail server: smtp://user:password@host:587 (STARTTLS when offered) or smtps://user:password@host:465.",
        "",
        _url_with("smtp", "smtps"),
    )
    user_deletion_grace_days: int = setting(
        PREFIX + "USER_DELETION_GRACE_DAYS",
        "Days an account can still be taken back after its deletion.",
        30,
        _positive,
    )
    login_attempts_per_minute: int = setting(
        PREFIX + "LOGIN_ATTEMPTS_PER_MINUTE",
        "Failed sign-ins for one account and address in a minute before further ones are refused.",
        20,
        _positive,
    )
    existing_accounts: str = setting(
        PREFIX + "EXISTING_ACCOUNTS",
        "What happens when a sign-in provider names the address of an account that is signed in to in another way."
        " refuse: nobody is let in. join: whoever the provider says has verified the address is let in.",
        REFUSE,
        _one_of(REFUSE, JOIN),
    )
    max_pending_invitations: int = setting(
        PREFIX + "MAX_PENDING_INVITATIONS",
        "Invitations of one workspace that may wait for an answer at a time; 0 for any number.",
        0,
        _not_negative,
    )
    postgres_bin: str = setting(
        PREFIX + "POSTGRES_BIN",
        "Folder with the PostgreSQL programs for the embedded server. Empty: the packaged ones, then the system's.",
        "",
    )

    @property
    def serves_itself_alone(self) -> bool:
        """Whether only people on its own machine reach it: it listens there, and no other address leads to it."""
        public = urlsplit(self.public_url).hostname if self.public_url else self.host
        return _is_own_machine(self.host) and _is_own_machine(public or "")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read the settings from `environ` (the process's by default); `overrides` (not None) win.

        Raises SettingsError, naming the variable, for a bad value or an unknown TABLEWRIGHT_ variable.
        """
        environ = os.environ if environ is None else environ
        _refuse_unknown(cls, environ)
        hints = get_type_hints(cls)
        given = {f.name: _from_env(f, hints[f.name], environ) for f in fields(cls) if environ.get(env_name(f))}
        given.update({name: value for name, value in overrides.items() if value is not None})
        loaded = cls(**given)
        for declared in fields(cls):
            _check(declared, getattr(loaded, declared.name))
        _check_together(loaded)
        return loaded


def env_name(declared: Field[Any]) -> str:
    """The environment variable of a declared setting."""
    return str(declared.metadata["env"])


def _refuse_unknown(cls: type[Settings], environ: Mapping[str, str]) -> None:
    known = {env_name(f) for f in fields(cls)}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in known:
            raise SettingsError(variable, "is not a setting; see docs/settings.md for the ones there are")


def _from_env(declared: Field[Any], hint: Any, environ: Mapping[str, str]) -> Any:
    name, text = env_name(declared), environ[env_name(declared)].strip()
    if hint is int:
        try:
            return int(text)
        except ValueError:
            raise SettingsError(name, f"must be a whole number, not {text!r}") from None
    if hint is Path:
        return Path(text)
    if hint == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _check(declared: Field[Any], value: Any) -> None:
    check = declared.metadata["check"]
    problem = check(value) if check else None
    if problem:
        raise SettingsError(env_name(declared), f"{problem}; got {value!r}")


def _check_together(settings: Settings) -> None:
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError(PREFIX + "SECRET_KEY", "must have at least 32 characters")
    if settings.mail_backend == "smtp" and not settings.smtp_url:
        raise SettingsError(PREFIX + "SMTP_URL", "is needed when TABLEWRIGHT_MAIL_BACKEND is smtp")
