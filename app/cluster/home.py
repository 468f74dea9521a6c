"""Where a cluster's files lie and which OS user runs it.

PostgreSQL refuses to run as root and needs every folder above its data to be enterable. So as root we become
an unprivileged user, and where that user cannot reach ``var/`` (a checkout under /root) the files lie under
/var/lib/lagesbild and ``var/postgres`` is a link to them. Socket paths end at 107 bytes, so a deep checkout
gets its socket folder under /tmp.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import SetupError

FALLBACK = Path("/var/lib/lagesbild")
OWN_USER = "lagesbild"
_SOCKET_NAME = "/.s.PGSQL.5432.lock"  # the longer of the two names that the server makes
_SOCKET_LIMIT = 103  # bytes; Linux allows 107, macOS 103


class OsUser(NamedTuple):
    """Numbers of the unprivileged user."""

    uid: int
    gid: int


class Home(NamedTuple):
    """``folder`` belongs to ``user`` (None: we are that user), ``log`` and ``lock`` to whoever starts us.

    Root writes nothing by name into a folder that another user owns: that user could put a link there.
    """

    folder: Path
    socket: Path
    log: Path
    lock: Path
    user: OsUser | None

    @property
    def data(self) -> Path:
        """The data folder (PGDATA)."""
        return self.folder / "data"


def settle(folder: Path) -> Home:
    """Make the folders, with their owner and rights, and say where they are.

    Raises:
        SetupError: The disk is full, or the folder belongs to somebody else or may not be written.
    """
    try:
        return _settle(folder)
    except OSError as error:
        raise SetupError(
            f"Cannot write to {error.filename or folder} ({error.strerror}): make room, give this user the "
            "folder, or choose another with LAGESBILD_VAR."
        ) from error


def _settle(folder: Path) -> Home:
    var = folder.parent
    (var / "log").mkdir(parents=True, exist_ok=True)
    user = _user_for(folder) if os.geteuid() == 0 else None
    if folder.is_symlink() and not folder.exists():
        folder.unlink()
    if not folder.exists():
        if user and not _can_enter(user, var):
            _remove_forgotten(folder)
            folder.symlink_to(_elsewhere(folder, user))
        else:
            folder.mkdir(mode=0o700)
            _give(folder, user)
    real = folder.resolve()
    if os.geteuid() not in {0, real.stat().st_uid}:
        raise PermissionError(1, "it belongs to another user", str(real))
    return Home(real, _socket_folder(real, user), var / "log/postgres.log", var / "postgres.lock", user)


def _user_for(folder: Path) -> OsUser:
    """The owner of the data that is there, else the system's postgres, else a user of our own."""
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return OsUser(owner.st_uid, owner.st_gid)
    for name in ("postgres", OWN_USER):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return OsUser(entry.pw_uid, entry.pw_gid)
    if not (tool := shutil.which("useradd")):
        raise SetupError("PostgreSQL refuses to run as root: start as an ordinary user, or set DATABASE_URL.")
    subprocess.run([tool, "--system", "--user-group", "--no-create-home", OWN_USER], check=True)  # noqa: S603
    entry = pwd.getpwnam(OWN_USER)
    return OsUser(entry.pw_uid, entry.pw_gid)


def _can_enter(user: OsUser, folder: Path) -> bool:
    """Tried for real, since access lists and mount options count too."""
    tried = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder.resolve())],
        user=user.uid, group=user.gid, extra_groups=[], cwd="/", stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return tried.returncode == 0


def _elsewhere(folder: Path, user: OsUser) -> Path:
    """A new folder (root's, with a note whose it is) and in it the one that the user gets."""
    FALLBACK.mkdir(mode=0o711, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="cluster-", dir=FALLBACK))
    made.chmod(0o711)
    (made / "belongs_to").write_text(f"{folder.absolute()}\n")
    (made / "home").mkdir(mode=0o700)
    _give(made / "home", user)
    return made / "home"


def _remove_forgotten(folder: Path) -> None:
    """Drop the data of an earlier checkout at this very place, whose link went away with its ``var/``."""
    for note in FALLBACK.glob("cluster-*/belongs_to"):
        if (
            note.read_text().strip() == str(folder.absolute())
            and not (note.parent / "home/data/postmaster.pid").exists()
        ):
            shutil.rmtree(note.parent)


def _socket_folder(real: Path, user: OsUser | None) -> Path:
    near = real / "socket"
    if len(os.fsencode(f"{near}{_SOCKET_NAME}")) <= _SOCKET_LIMIT:
        if not near.exists():
            near.mkdir(mode=0o700)
            _give(near, user)
        return near
    if near.is_symlink() and not near.exists():
        near.unlink()
    if not near.is_symlink():
        far = Path(tempfile.mkdtemp(prefix="lagesbild-", dir="/tmp"))
        _give(far, user)
        near.symlink_to(far)
    return near.resolve()


def _give(new: Path, user: OsUser | None) -> None:
    """Hand a folder that we have just made to its user."""
    if user:
        os.chown(new, user.uid, user.gid, follow_symlinks=False)
