# SPDX-License-Identifier: MIT
"""Who connects to which database: plain values, no connection is made here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from server.errors import ConfigError
from server.secretfile import Secrets

OWNER_ROLE = "xanh_owner"
WRITER_ROLE = "xanh_writer"
READER_ROLE = "xanh_reader"
STAFF_ROLE = "xanh_staff"  # nobody logs in as it: the writer steps down to it to read the official store
DATABASE_NAME = "xanh"


@dataclass(frozen=True)
class Login:
    """One way into one database. `host` is a machine or the directory of a unix socket."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)
    extra: tuple[tuple[str, str], ...] = ()

    def conninfo(self, **options: str | int) -> str:
        """The libpq connection string; `options` are further libpq parameters."""
        given: dict[str, str | int] = {**dict(self.extra), **options}
        return make_conninfo("", host=self.host, port=self.port, dbname=self.dbname, user=self.user, password=self.password, **given)

    def as_user(self, user: str, password: str) -> Login:
        """The same database for another role."""
        return replace(self, user=user, password=password)

    def in_database(self, dbname: str) -> Login:
        """The same role in another database of the same server."""
        return replace(self, dbname=dbname)


@dataclass(frozen=True)
class Logins:
    """The three roles of the house, and the administrator who may create them."""

    admin: Login
    owner: Login
    writer: Login
    reader: Login
    embedded: bool

    def in_database(self, name: str) -> Logins:
        """The same roles in another database of the same server."""
        return Logins(
            self.admin.in_database(name),
            self.owner.in_database(name),
            self.writer.in_database(name),
            self.reader.in_database(name),
            self.embedded,
        )


def logins_for_socket(directory: str, port: int, secrets: Secrets) -> Logins:
    """The logins of the embedded cluster behind a unix socket."""
    admin = Login(directory, port, DATABASE_NAME, "postgres", secrets.admin_password)
    return _derive_logins(admin, secrets, embedded=True)


def logins_for_url(url: str, secrets: Secrets) -> Logins:
    """The logins of an existing PostGIS whose administrator or owner connects by `url` (libpq URI). Raises ConfigError."""
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise ConfigError("The database address is not a libpq URI such as postgresql://user@host/name.", locator="database.url") from error
    admin = Login(
        host=parts.pop("host", "localhost"),
        port=int(parts.pop("port", "5432")),
        dbname=parts.pop("dbname", DATABASE_NAME),
        user=parts.pop("user", "postgres"),
        password=parts.pop("password", ""),
        extra=tuple(sorted(parts.items())),
    )
    return _derive_logins(admin, secrets, embedded=False)


def _derive_logins(admin: Login, secrets: Secrets, *, embedded: bool) -> Logins:
    return Logins(
        admin=admin,
        owner=admin.as_user(OWNER_ROLE, secrets.owner_password),
        writer=admin.as_user(WRITER_ROLE, secrets.writer_password),
        reader=admin.as_user(READER_ROLE, secrets.reader_password),
        embedded=embedded,
    )
