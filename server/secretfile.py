# SPDX-License-Identifier: MIT
"""The passwords of this installation: made once at random, kept in a file only its owner can read.

XANH_OWNER_PASSWORD, XANH_WRITER_PASSWORD, XANH_READER_PASSWORD and XANH_SESSION_KEY take precedence, for machines that share a database.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from server.errors import SetupRefused
from server.state import replace_file
from server.strictyaml import read_yaml


@dataclass(frozen=True)
class Secrets:
    """Random passwords of the database roles and the key that signs sessions. Never printed."""

    admin_password: str = field(repr=False)
    owner_password: str = field(repr=False)
    writer_password: str = field(repr=False)
    reader_password: str = field(repr=False)
    session_key: str = field(repr=False)


def load_secrets(path: Path) -> Secrets:
    """Read the secrets, making the file with mode 0600 when it is absent.

    Raises SetupRefused when others could read the file or when it lacks an entry.
    """
    if not path.exists():
        fresh = Secrets(**{entry.name: secrets.token_hex(24) for entry in fields(Secrets)})
        replace_file(path, "".join(f'{name}: "{value}"\n' for name, value in asdict(fresh).items()), mode=0o600)
    if path.stat().st_mode & 0o077:
        raise SetupRefused(f"{path} can be read by others; run: chmod 600 {path}")
    stored, _ = read_yaml(path)
    values = {}
    for entry in fields(Secrets):
        value = os.environ.get(f"XANH_{entry.name.upper()}") or stored.get(entry.name)
        if not value:
            raise SetupRefused(f"{path} has no entry {entry.name!r}; restore the file from a backup.")
        values[entry.name] = str(value)
    return Secrets(**values)
