# SPDX-License-Identifier: MIT
"""`xanh up`."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType

from server.commands.screen import SCREEN, complain, say, show_addresses
from server.config import Province, Settings, load_settings
from server.db.store import Store, start_store
from server.errors import ServerFault, SetupRefused
from server.process import RunRecord, ask_health, check_port, read_record, start_server, start_worker, stop_server, wait_ready
from server.state import StateDir


@dataclass(frozen=True)
class UpOptions:
    """What the operator asked for; None leaves it to config.yml (port) or to the last run (province)."""

    port: int | None = None
    province: str | None = None
    detach: bool = False


INTERRUPTED = 130  # what shells report for Ctrl+C


class _Stop(BaseException):
    """The operator or the system asked us to end."""


def run_up(options: UpOptions) -> int:
    """Set up what is missing, serve, and say so when `/healthz` answers 200. Returns the exit status.

    Attached, it returns when told to stop (SIGINT, SIGTERM) with everything it started stopped. Raises XanhError.
    """
    _stop_on_signals()
    state = StateDir(load_settings().var)
    try:
        with state.locked():
            settings = _settings_of(options, state)
            running = read_record(state)
            if running is not None and (options.port not in (None, running.port) or _is_well(running)):
                return _report_running(running, options)
            stop_server(state)  # alive but without its database, or left by an interrupted start: begin again
            check_port(settings.server.host, settings.server.port)
            store, record, process = _bring_up(settings, state)
        show_addresses(settings.server.public_url or record.url)
        if options.detach:
            return 0
        SCREEN.print("[dim]Ctrl+C dừng · stops[/dim]")
        return _attend(process, state, store)
    except _Stop:
        say("đã dừng giữa chừng, chạy lại để tiếp tục · interrupted; run it again to go on")
        return INTERRUPTED


def _settings_of(options: UpOptions, state: StateDir) -> Settings:
    settings = load_settings()
    code = options.province or os.environ.get("XANH_PROVINCE") or state.read_facts().get("province") or settings.province.code
    try:
        province = Province(code=code)
    except ValueError as error:
        raise SetupRefused(f"{code!r} is not the code of a province; it has two digits, such as 82.") from error
    os.environ["XANH_PROVINCE"] = code
    server = settings.server.model_copy(update={"port": options.port} if options.port else {})
    return settings.model_copy(update={"province": province, "server": server})


def _is_well(record: RunRecord) -> bool:
    return ask_health(record.host, record.port) == HTTPStatus.OK


def _report_running(record: RunRecord, options: UpOptions) -> int:
    if options.port not in (None, record.port):
        complain(f"This installation already runs on port {record.port}; stop it with ./xanh down, or set XANH_VAR for a second one.")
        return 1
    say("đang chạy rồi · already running (./xanh down dừng · stops)")
    show_addresses(record.url)
    return 0


def _bring_up(settings: Settings, state: StateDir) -> tuple[Store, RunRecord, subprocess.Popen[bytes]]:
    from server.commands.data import fill_store  # slow to import, and not needed where a server runs already

    store = start_store(settings, say)
    try:
        fill_store(settings, state, store.database)
        share = () if store.lease is None else (store.lease.handle,)
        process = start_server(settings, state, share)
        record = read_record(state)
        if record is None:
            raise ServerFault("The web server ended while starting.")
        wait_ready(record, process)
        start_worker(settings, state, share)
    except BaseException:
        _take_down(state, store)
        if (state.log / "server.log").exists():
            say(f"nhật ký · log: {state.log / 'server.log'}")
        raise
    store.database.close()
    return store, record, process


def _attend(process: subprocess.Popen[bytes], state: StateDir, store: Store) -> int:
    """Stay until the server ends or somebody asks us to end; then stop what was started here."""
    try:
        return process.wait()
    except (_Stop, KeyboardInterrupt):
        return 0
    finally:
        _take_down(state, store)
        say("đã dừng · stopped")


def _take_down(state: StateDir, store: Store) -> None:
    _ignore_signals()
    stop_server(state)
    stop_server(state, name="worker")
    store.release()


def _stop_on_signals() -> None:
    def stop(_signum: int, _frame: FrameType | None) -> None:
        raise _Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _ignore_signals() -> None:
    """A second Ctrl+C must not leave half of it running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
