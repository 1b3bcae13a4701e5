# SPDX-License-Identifier: MIT
"""The embedded cluster: repeated after an interruption, recognised by its data directory, stopped by the last user."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.db.cluster import Cluster, open_cluster
from server.db.lease import ClusterLease
from server.errors import SetupRefused
from server.state import StateDir


@pytest.fixture(scope="module")
def state() -> Iterator[StateDir]:
    """A state directory the unprivileged account can enter."""
    root = Path(tempfile.mkdtemp(prefix="xanh-cluster-", dir="/tmp")).resolve()
    root.chmod(0o711)
    found = StateDir(root)
    found.create()
    yield found
    open_cluster(found).stop()
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def cluster(state: StateDir) -> Cluster:
    """A cluster whose first attempt was interrupted in the middle."""
    made = open_cluster(state, durable=False)
    half = made.place.data.with_name("pg.partial")
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n", encoding="ascii")
    made.create("a password")
    return made


def test_a_half_made_cluster_is_made_again(cluster: Cluster) -> None:
    assert cluster.exists
    assert not cluster.place.data.with_name("pg.partial").exists()
    assert not cluster.place.data.with_name("pg.password").exists()


def test_nothing_listens_on_the_network_and_nothing_is_trusted(cluster: Cluster) -> None:
    cluster.start()
    assert "listen_addresses = ''" in (cluster.place.data / "xanh.conf").read_text(encoding="utf-8")
    rules = (cluster.place.data / "pg_hba.conf").read_text(encoding="utf-8").splitlines()
    assert [rule for rule in rules if not rule.startswith("#")] == ["local all all scram-sha-256"]


def test_starting_twice_starts_once(cluster: Cluster) -> None:
    cluster.start()
    pid = cluster.running_pid()
    assert cluster.start() is False
    assert cluster.running_pid() == pid


def test_the_last_share_stops_the_cluster(cluster: Cluster, state: StateDir) -> None:
    first, second = ClusterLease.take(state), ClusterLease.take(state)
    cluster.start()
    first.give_back(cluster)
    assert cluster.running_pid() is not None
    second.give_back(cluster)
    assert cluster.running_pid() is None


def test_a_process_id_of_another_program_does_not_count(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.place.data / "postmaster.pid").write_text("1\n", encoding="ascii")
    assert cluster.running_pid() is None
    assert cluster.stop() is False
    assert cluster.start() is True


def test_a_foreign_directory_is_not_overwritten(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "precious").touch()
    other = replace(cluster, place=replace(cluster.place, data=tmp_path / "pg"))
    with pytest.raises(SetupRefused, match="not empty"):
        other.create("x")
    assert (tmp_path / "pg" / "precious").exists()
