# SPDX-License-Identifier: MIT
"""Where the embedded cluster lives and as whom it runs.

PostgreSQL refuses to run as root, so root hands it to an unprivileged account; that account must be able to reach the files.
Unix socket paths are short by law of the kernel (107 bytes), so a deep state directory gets its socket elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from server.errors import SetupRefused

ACCOUNT = "postgres"
SOCKET_PORT = 5432  # only names the socket file; nothing listens on the network
LONGEST_SOCKET_PATH = 99
SYSTEM_STATE = Path("/var/lib/xanh")


@dataclass(frozen=True)
class Place:
    """Data directory, the account PostgreSQL runs as (None = ours), and a sentence for the operator when it is not where expected."""

    data: Path
    account: str | None
    note: str | None = None


def choose_place(data: Path) -> Place:
    """Decide where the cluster wanted at `data` really lives. Stable: later runs decide the same.

    Raises SetupRefused when we are root and there is no account to drop to, or the cluster belongs to somebody else.
    """
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            owner = _account_name(data.stat().st_uid)
            raise SetupRefused(f"The cluster in {data} belongs to {owner}; run as that account, as root, or set XANH_VAR.")
        return Place(data, None)
    if data.exists() and data.stat().st_uid != 0:
        return Place(data, _account_name(data.stat().st_uid))
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError as error:
        raise SetupRefused(f"PostgreSQL does not run as root and the account {ACCOUNT!r} is missing; install postgresql.") from error
    if can_enter(ACCOUNT, data.parent):
        return Place(data, ACCOUNT)
    moved = SYSTEM_STATE / short_hash(data) / "pg"
    for directory in (SYSTEM_STATE, moved.parent):
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o711)  # the account passes through, nobody lists
    return Place(moved, ACCOUNT, f"{ACCOUNT} cannot enter {data.parent}, so the database lives in {moved.parent}")


def can_enter(account: str, directory: Path) -> bool:
    """Whether an account may pass through a directory and all its parents. Only root may ask."""
    return run_as(account, ["test", "-x", str(directory)]).returncode == 0


def run_as(account: str | None, command: list[str], *, log: IO[bytes] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command as an account (None = ours) in `/`. Output is captured, or goes to `log` for commands that leave a daemon behind."""
    entry = pwd.getpwnam(account) if account else None
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        command,
        cwd="/",
        env=environment | ({"HOME": entry.pw_dir} if entry else {}),
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=log or subprocess.PIPE,
        stderr=subprocess.STDOUT if log else subprocess.PIPE,
        user=entry.pw_uid if entry else None,
        group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
    )


def choose_socket_dir(wanted: Path, account: str | None) -> Path:
    """Make the socket directory: `wanted` if its path is short and plain, else a private one named by its hash. Raises SetupRefused."""
    directory = wanted
    unreachable = account is not None and not can_enter(account, wanted.parent)
    too_long = len(os.fsencode(wanted / f".s.PGSQL.{SOCKET_PORT}")) > LONGEST_SOCKET_PATH
    if unreachable or too_long or not re.fullmatch(r"[\w./+-]+", str(wanted)):
        directory = Path(tempfile.gettempdir()) / f"xanh-{short_hash(wanted)}"
        if len(str(directory)) > LONGEST_SOCKET_PATH - 20:
            directory = Path("/tmp") / directory.name  # noqa: S108 - private: made 0700 and its owner is checked below
    make_private_dir(directory, account)
    return directory


def make_private_dir(directory: Path, account: str | None) -> None:
    """Make a directory only `account` (None = we) can list. Raises SetupRefused when somebody else got there first."""
    owner = os.geteuid() if account is None else pwd.getpwnam(account).pw_uid
    if not directory.exists():
        directory.mkdir(parents=True, mode=0o700)
        if account is not None:
            shutil.chown(directory, account)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise SetupRefused(f"{directory} belongs to somebody else; remove it or set XANH_VAR to a shorter directory.")
    if account is not None and found.st_uid != owner:
        shutil.chown(directory, account)  # an interrupted run made it and was stopped before giving it away


def short_hash(path: Path) -> str:
    """Twelve letters and digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
