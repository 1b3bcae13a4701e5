# SPDX-License-Identifier: MIT
"""Brings the database up, embedded or elsewhere, so far that the layer files can be applied to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from server.config import Settings
from server.db.cluster import Cluster, open_cluster
from server.db.lease import ClusterLease
from server.db.login import Logins, logins_for_socket, logins_for_url
from server.db.place import SOCKET_PORT
from server.db.pool import Database
from server.db.roles import prepare_database
from server.secretfile import load_secrets
from server.state import StateDir

Report = Callable[[str], None]


@dataclass(frozen=True)
class Store:
    """A database that answers: the door, the embedded cluster if there is one, and our share in it."""

    database: Database
    cluster: Cluster | None
    lease: ClusterLease | None

    def release(self) -> None:
        """Close our connections; the last process that holds a share stops the embedded cluster. Raises ServerFault."""
        self.database.close()
        if self.lease is not None and self.cluster is not None:
            self.lease.give_back(self.cluster)


def find_logins(settings: Settings) -> Logins:
    """The logins of this installation, without connecting. Raises SetupRefused or ConfigError."""
    state = StateDir(settings.var)
    secrets = load_secrets(state.secrets)
    if settings.database.url:
        return logins_for_url(settings.database.url, secrets)
    return logins_for_socket(str(open_cluster(state).socket_dir), SOCKET_PORT, secrets)


def start_store(settings: Settings, report: Report, *, durable: bool = True) -> Store:
    """Start the database, make roles, extensions and system tables as needed.

    `report` is told what takes time. Raises SetupRefused, ConfigError or ServerFault; a cluster started here is then stopped again.
    """
    state = StateDir(settings.var)
    state.create()
    secrets = load_secrets(state.secrets)
    if settings.database.url:
        logins = logins_for_url(settings.database.url, secrets)
        _prepare(logins)
        return Store(Database(logins, settings.database), None, None)
    cluster = open_cluster(state, durable=durable)
    if cluster.place.note:
        report(cluster.place.note)
    if not cluster.exists:
        report(f"making a PostGIS cluster in {cluster.place.data}")
    lease = ClusterLease.take(state)
    try:
        with lease.turn():
            cluster.create(secrets.admin_password)
            cluster.start()
            logins = logins_for_socket(str(cluster.socket_dir), SOCKET_PORT, secrets)
            _prepare(logins)
    except BaseException:
        lease.give_back(cluster)
        raise
    return Store(Database(logins, settings.database), cluster, lease)


@contextmanager
def open_store(settings: Settings, report: Report) -> Iterator[Store]:
    """The store for the length of one command. Raises like `start_store`."""
    store = start_store(settings, report)
    try:
        yield store
    finally:
        store.release()


def _prepare(logins: Logins) -> None:
    from server.db.system import migrate_system  # alembic is slow to import and the web workers never migrate

    prepare_database(logins)
    migrate_system(logins.owner)
