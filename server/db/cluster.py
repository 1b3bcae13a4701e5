# SPDX-License-Identifier: MIT
"""The embedded PostGIS cluster: made on first use, reached through a unix socket only, every login by password (SCRAM).

A half-made cluster is recognised (it still bears the name `*.partial`) and made again.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from server.db.binaries import find_binaries
from server.db.place import SOCKET_PORT, Place, choose_place, choose_socket_dir, run_as
from server.errors import ServerFault, SetupRefused
from server.state import StateDir

_ACCESS = "# Passwords only, no network.\nlocal all all scram-sha-256\n"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster of ours. `durable` False gives up crash safety (tests only)."""

    place: Place
    socket_dir: Path
    log: Path
    durable: bool = True

    @property
    def exists(self) -> bool:
        """Whether the cluster was made completely."""
        return (self.place.data / "PG_VERSION").exists()

    def create(self, admin_password: str) -> None:
        """Make the cluster unless it exists; remains of an interrupted attempt are removed. Raises SetupRefused."""
        if self.exists:
            return
        data, account = self.place.data, self.place.account
        if data.exists() and any(data.iterdir()):
            raise SetupRefused(f"{data} is not empty and not a cluster; move it away.")
        partial = data.with_name(f"{data.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        password_file = partial.with_name(f"{data.name}.password")
        _write_for(account, password_file, admin_password)
        if account is not None:
            shutil.chown(partial, account)
        command = [str(find_binaries() / "initdb"), "-D", str(partial), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", *([] if self.durable else ["--no-sync"])]
        try:
            done = run_as(account, command)
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            raise SetupRefused(f"PostgreSQL could not make its cluster in {data}: {done.stderr.strip()[-600:]}")
        _write_for(account, partial / "pg_hba.conf", _ACCESS)
        with (partial / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude_if_exists = 'xanh.conf'\n")
        if data.exists():
            data.rmdir()
        partial.rename(data)

    def start(self) -> bool:
        """Start the cluster and wait until it answers. True if it was started, False if it ran already. Raises ServerFault."""
        if self.running_pid() is not None:
            return False
        self._drop_foreign_lock()
        _write_for(self.place.account, self.place.data / "xanh.conf", self._settings())
        version = (self.place.data / "PG_VERSION").read_text(encoding="ascii").strip()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            command = [str(find_binaries(version) / "pg_ctl"), "-D", str(self.place.data), "-w", "-t", "120", "start"]
            done = run_as(self.place.account, command, log=log)
        if done.returncode != 0:
            raise ServerFault(f"PostgreSQL does not start; see {self.log}")
        return True

    def stop(self) -> bool:
        """Stop the cluster if it runs; open transactions are rolled back. True if it ran. Raises ServerFault."""
        if self.running_pid() is None:
            return False
        version = (self.place.data / "PG_VERSION").read_text(encoding="ascii").strip()
        command = [str(find_binaries(version) / "pg_ctl"), "-D", str(self.place.data), "-m", "fast", "-w", "-t", "60", "stop"]
        done = run_as(self.place.account, command)
        if done.returncode != 0 and self.running_pid() is not None:
            raise ServerFault(f"PostgreSQL does not stop; see {self.log}")
        return True

    @cached_property
    def _has_lz4(self) -> bool:
        """Whether this build of PostgreSQL has LZ4, which compresses the journal and long values in a fraction of the time."""
        version = (self.place.data / "PG_VERSION").read_text(encoding="ascii").strip()
        asked = [str(find_binaries(version) / "postgres"), "-D", str(self.place.data), "-C", "wal_compression", "-c", "wal_compression=lz4"]
        return run_as(self.place.account, asked).returncode == 0

    def running_pid(self) -> int | None:
        """Process id of the server that runs on this very data directory, else None (a reused process id does not count)."""
        try:
            pid = int((self.place.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self.place.data) in command else None

    def _drop_foreign_lock(self) -> None:
        """After a crash the recorded process id may meanwhile belong to another program; PostgreSQL would then refuse to start."""
        lock = self.place.data / "postmaster.pid"
        try:
            name = Path(f"/proc/{int(lock.read_text(encoding='utf-8').split()[0])}/comm").read_text(encoding="utf-8").strip()
        except (OSError, ValueError, IndexError):
            return  # no lock, or no such process: PostgreSQL clears that itself
        if name not in ("postgres", "postmaster"):
            lock.unlink()

    def _settings(self) -> str:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MIB
        values = {
            "listen_addresses": "",
            "port": SOCKET_PORT,
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0777",
            "max_connections": 200,
            "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",
            "effective_cache_size": f"{max(memory // 2, 256)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": f"{min(max(memory // 16, 64), 512)}MB",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            "wal_compression": "lz4" if self._has_lz4 else "on",
            "default_toast_compression": "lz4" if self._has_lz4 else "pglz",
            "random_page_cost": 1.1,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "password_encryption": "scram-sha-256",
            "logging_collector": "off",
            "log_line_prefix": "%m [%p] %u ",
        }
        if not self.durable:
            values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        if _shared_memory_mib() < 256:
            values["dynamic_shared_memory_type"] = "mmap"  # containers give /dev/shm 64 MiB: parallel queries would fail
        return "# Written at every start.\n" + "".join(f"{name} = '{value}'\n" for name, value in values.items())


def open_cluster(state: StateDir, *, durable: bool = True) -> Cluster:
    """The embedded cluster of a state directory, made or not. Raises SetupRefused when it cannot live there."""
    place = choose_place(state.cluster)
    beside = state.run if place.data == state.cluster else place.data.parent
    return Cluster(place, choose_socket_dir(beside / "socket", place.account), state.log / "postgres.log", durable)


def _write_for(account: str | None, path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    if account is not None:
        shutil.chown(path, account)


def _shared_memory_mib() -> int:
    try:
        facts = os.statvfs("/dev/shm")  # noqa: S108 - asked for its size only
    except OSError:
        return 0
    return facts.f_frsize * facts.f_blocks // _MIB
