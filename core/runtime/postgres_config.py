"""The configuration of the embedded PostgreSQL: modest memory, durable, reachable over its private socket only."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from core.runtime.system_account import Account

# Ours, written at every start. What an operator wants otherwise stands in local.conf, which is never written.
_FILE, _LOCAL_FILE = "tablewright.conf", "local.conf"
_INCLUDE = f"include_if_exists '{_FILE}'"

_CONFIGURATION = """\
# Written at every start; changes belong into {local}, which is read after this.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 30
max_locks_per_transaction = 512
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 512MB
jit = off
random_page_cost = 1.5
max_wal_size = 512MB
min_wal_size = 64MB
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
fsync = {fsync}
wal_compression = on
checkpoint_completion_target = 0.9
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = ''
{by_version}include_if_exists '{local}'
"""
_SINCE_18 = "io_method = worker\nio_workers = 1\n"

_HBA = """\
# Written at every start: the private socket, for the accounts in pg_ident.conf.
local all all peer map=tablewright
"""


def write_configuration(cluster: Path, sockets: Path, account: Account, durable: bool) -> None:
    """Write the configuration files of the cluster; not `durable` is for data nobody wants to keep."""
    major = int((cluster / "PG_VERSION").read_text().split(".")[0])
    text = _CONFIGURATION.format(
        sockets=sockets,
        local=_LOCAL_FILE,
        fsync="on" if durable else "off",
        by_version=_SINCE_18 if major >= 18 else "",
    )
    _write(cluster / _FILE, text, account)
    _write(cluster / "pg_hba.conf", _HBA, account)
    names = sorted({account.name, pwd.getpwuid(os.geteuid()).pw_name})
    _write(cluster / "pg_ident.conf", "".join(f'tablewright "{name}" all\n' for name in names), account)
    main = cluster / "postgresql.conf"
    if _INCLUDE not in main.read_text():
        with main.open("a") as file:
            file.write(f"\n{_INCLUDE}\n")


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text)
    if not account.is_us:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o600)
