"""A real pgbouncer in transaction mode before the test's database, for the login of all reads."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SERVER_CONNECTIONS = 4
"""Fewer than the clients': every server connection goes from viewer to viewer."""


@contextmanager
def pooler(dsn: str) -> Iterator[str]:
    """The URL of the database at ``dsn``, a unix socket, by way of a pooler; nothing of it is left afterwards."""
    parts = urlsplit(dsn)
    folder = Path(tempfile.mkdtemp(prefix="lb-pooler-"))
    folder.chmod(0o777)
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "pgbouncer is missing: apt-get install pgbouncer"
    (folder / "users.txt").write_text('"lagesbild_web" "x"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
{parts.path[1:]} = host={parse_qs(parts.query)["host"][0]} port=5432
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
max_client_conn = 500
default_pool_size = {SERVER_CONNECTIONS}
logfile = {folder}/log
pidfile = {folder}/pid
"""
    )
    # It refuses to run as root, and only the server's own user may open the server's socket.
    owner = pwd.getpwuid(Path(parse_qs(parts.query)["host"][0]).stat().st_uid)
    if os.geteuid() == 0:
        shutil.chown(folder, owner.pw_uid)
    process = subprocess.Popen(
        [program, "-q", folder / "pgbouncer.ini"],
        user=owner.pw_uid if os.geteuid() == 0 else None, extra_groups=[] if os.geteuid() == 0 else None,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 10
        while not (folder / ".s.PGSQL.6432").exists():
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the pooler did not come up"
            time.sleep(0.02)
        yield f"postgresql://lagesbild_web@/{parts.path[1:]}?host={folder}&port=6432"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)
