# SPDX-License-Identifier: MIT
"""The database roles, the database and its extensions: made by the administrator, again and again without harm."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
from psycopg import sql

from server.db.login import STAFF_ROLE, Login, Logins
from server.errors import ServerFault, SetupRefused

EXTENSIONS = ("postgis", "pg_trgm", "unaccent")
_Connection = psycopg.Connection[tuple[Any, ...]]
_Statement = sql.SQL | sql.Composed


def prepare_database(logins: Logins) -> None:
    """Make roles, database and extensions where they are missing.

    Raises SetupRefused with the statements an administrator must run when this login may not, ServerFault when the server is away.
    """
    if logins.embedded:
        with _connect(logins.admin.in_database("postgres")) as connection:
            _make_roles(connection, logins)
            _make_database(connection, logins.admin.dbname)
    with _connect(logins.admin) as connection:
        if not logins.embedded:
            _make_roles(connection, logins)
        _make_extensions(connection)
        _grant_database(connection, logins)


def _connect(login: Login) -> _Connection:
    try:
        return psycopg.connect(login.conninfo(connect_timeout=10, application_name="xanh setup"), autocommit=True)
    except psycopg.OperationalError as error:
        if f'database "{login.dbname}" does not exist' in str(error):
            raise SetupRefused(f"There is no database {login.dbname!r} on that server; make it with: createdb {login.dbname}") from error
        raise ServerFault(f"The database {login.dbname!r} does not let {login.user!r} in or cannot be reached.") from error


def _make_roles(connection: _Connection, logins: Logins) -> None:
    for login in (logins.owner, logins.writer, logins.reader):
        known = connection.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", [login.user]).fetchone()
        if known and _can_enter(login):
            continue
        if known and not logins.embedded:
            raise SetupRefused(
                f"The database role {login.user} exists with another password. "
                f"Give it in {login.user.upper()}_PASSWORD or in secrets.yml, then repeat."
            )
        verb = "ALTER" if known else "CREATE"
        command = sql.SQL(verb + " ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {password}").format(
            role=sql.Identifier(login.user), password=sql.Literal(login.password)
        )
        _run(connection, command, f"{verb} ROLE {login.user} LOGIN PASSWORD '...'")
    read_only = sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(logins.reader.user))
    is_read_only = "SELECT 'default_transaction_read_only=on' = ANY (rolconfig) FROM pg_catalog.pg_roles WHERE rolname = %s"
    _ensure(connection, read_only, (is_read_only, (logins.reader.user,)))
    _make_staff_role(connection, logins.writer.user)


def _make_staff_role(connection: _Connection, writer: str) -> None:
    """The role without login that may only read; the staff application steps down to it before it answers questions."""
    staff, member = sql.Identifier(STAFF_ROLE), sql.Identifier(writer)
    known: LiteralString = "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %s)"
    _ensure(connection, sql.SQL("CREATE ROLE {} NOLOGIN").format(staff), (known, (STAFF_ROLE,)))
    _ensure(connection, sql.SQL("GRANT {} TO {}").format(staff, member), ("SELECT pg_has_role(%s, %s, 'MEMBER')", (writer, STAFF_ROLE)))


def _can_enter(login: Login) -> bool:
    """Whether the password is right. A right password without the right to this database also says so, differently."""
    try:
        psycopg.connect(login.conninfo(connect_timeout=10)).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" not in str(error) and "no password supplied" not in str(error)
    return True


def _make_database(connection: _Connection, name: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [name]).fetchone()
    if not known:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _make_extensions(connection: _Connection) -> None:
    present = {row[0] for row in connection.execute("SELECT extname FROM pg_catalog.pg_extension")}
    for name in EXTENSIONS:
        if name not in present:
            _run(connection, sql.SQL("CREATE EXTENSION {} SCHEMA public").format(sql.Identifier(name)), f"CREATE EXTENSION {name}")


def _grant_database(connection: _Connection, logins: Logins) -> None:
    name = logins.admin.dbname
    if logins.embedded:  # by default everybody may connect and make temporary tables; only our three roles shall
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    grants = [(logins.owner.user, right) for right in ("CONNECT", "CREATE", "TEMPORARY")]
    grants += [(logins.writer.user, right) for right in ("CONNECT", "TEMPORARY")]
    grants += [(logins.reader.user, "CONNECT")]
    for user, right in grants:
        command = sql.SQL("GRANT " + right + " ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(user))
        _ensure(connection, command, ("SELECT has_database_privilege(%s, %s, %s)", (user, name, right)))
    for right in ("SELECT", "INSERT", "UPDATE"):
        command = sql.SQL("GRANT " + right + " ON public.spatial_ref_sys TO {}").format(sql.Identifier(logins.owner.user))
        _ensure(connection, command, ("SELECT has_table_privilege(%s, 'public.spatial_ref_sys', %s)", (logins.owner.user, right)))


def _ensure(connection: _Connection, command: _Statement, condition: tuple[LiteralString, tuple[str, ...]]) -> None:
    """Run a command unless its condition is met already, so that a login without rights may meet a database somebody else has set up."""
    if _is_met(connection, condition):
        return
    shown = command.as_string(connection)
    _run(connection, command, shown)
    if not _is_met(connection, condition):  # a GRANT without the right to grant is only a warning
        raise SetupRefused(f"This database login may not set up the database; an administrator must run: {shown}")


def _is_met(connection: _Connection, condition: tuple[LiteralString, tuple[str, ...]]) -> bool:
    row = connection.execute(*condition).fetchone()
    return bool(row and row[0])


def _run(connection: _Connection, command: _Statement, shown: str) -> None:
    try:
        connection.execute(command)
    except psycopg.errors.InsufficientPrivilege as error:
        raise SetupRefused(f"This database login may not set up the database; an administrator must run: {shown}") from error
    except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
        raise SetupRefused(f"The database server lacks a package; it refused: {shown}") from error
