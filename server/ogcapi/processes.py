# SPDX-License-Identifier: MIT
"""OGC API - Processes 1 (18-062r2): buffer, clip and statistics by commune, waited for or as jobs in the background."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed, UnsupportedMediaType

from server.access import ANONYMOUS
from server.context import Context
from server.downloads.answer import send_file
from server.errors import FeatureNotFound, InvalidParameter, TooManyRequests
from server.features.processes import Patience, media_type_of, require_bounded, write_answer
from server.jobs.process import Order, drop_job, find_job, list_jobs, order_process, result_path
from server.jobs.process_inputs import PROCESSES, read_task
from server.ogcapi.pages import render_page
from server.ogcapi.plain import HTML, JSON, Document, read_wish, respond, write_json
from server.ogcapi.problems import answer_problem
from server.ogcapi.processes_documents import describe_job, describe_process, list_processes
from server.ogcapi.service import Service, build_service
from server.ogcapi.tiles_links import link_to
from server.ows.address import service_address
from server.query.processes import ProcessJob, Task
from server.signin import current_identity

_FORMATS = {"json": JSON}
_PAGES = {"json": JSON, "html": HTML}
_TYPES = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
_LONGEST_ID = 64
_MOST_SYNC_BYTES = 50_000_000
_MEMBERS = ("inputs", "outputs", "response")
# Processes somebody waits for, in each process of the server: the other threads stay free for the rest.
_AT_ONCE = threading.BoundedSemaphore(2)
_BUSY_S = 5
_BEGIN = ("POST", "OPTIONS")


class _NoSuchProcess(FeatureNotFound):
    problem_type = f"{_TYPES}/no-such-process"


class _NoSuchJob(FeatureNotFound):
    problem_type = f"{_TYPES}/no-such-job"


class _NotReady(FeatureNotFound):
    problem_type = f"{_TYPES}/result-not-ready"


def blueprint(context: Context) -> Blueprint:
    """The routes, for the composition root. Raises InvalidCrs for a wrong setting."""
    room = Blueprint("ogcapi_processes", __name__, url_prefix="/ogcapi")
    room.register_error_handler(Exception, answer_problem)
    handlers = _Handlers(build_service(context))
    room.add_url_rule("/processes", "processes", handlers.processes)
    room.add_url_rule("/processes/<process>", "process", handlers.process)
    room.add_url_rule("/processes/<process>/execution", "execution", handlers.execute, methods=["POST"], provide_automatic_options=False)
    others = ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]
    execution = "/processes/<process>/execution"
    room.add_url_rule(execution, "execution_methods", handlers.other_methods, methods=others, provide_automatic_options=False)
    room.add_url_rule("/jobs", "jobs", handlers.jobs)
    room.add_url_rule("/jobs/<job>", "job", handlers.job)
    room.add_url_rule("/jobs/<job>", "dismiss", handlers.dismiss, methods=["DELETE"])
    room.add_url_rule("/jobs/<job>/results", "results", handlers.results)
    return room


@dataclass(frozen=True)
class _Handlers:
    service: Service

    def processes(self) -> Response:
        wish = read_wish(_PAGES)
        base = self._base()
        if wish.format == "html":
            described = [describe_process(self._seen(), name, base, wish.language) for name in PROCESSES]
            return respond(render_page("processes", base, wish.language, processes=described), HTML, wish.language)
        return respond(write_json(list_processes(base, wish.language)), JSON, wish.language)

    def process(self, process: str) -> Response:
        wish = read_wish(_PAGES)
        base = self._base()
        document = describe_process(self._seen(), _require_process(process), base, wish.language)
        if wish.format == "html":
            return respond(render_page("processes", base, wish.language, processes=[document]), HTML, wish.language)
        return respond(write_json(document), JSON, wish.language)

    def execute(self, process: str) -> Response:
        wish = read_wish(_FORMATS)
        _require_process(process)
        asked = _read_request()
        if "respond-async" in request.headers.get("Prefer", ""):
            order = Order(process, asked["inputs"], current_identity(), _client(), wish.language)
            response = self._status(self._find(order_process(self.service.context, order)), wish.language, 201)
            response.headers["Preference-Applied"] = "respond-async"
            return response
        task = read_task(self.service.context, process, asked["inputs"], current_identity())
        text = self._run(task)
        if asked.get("response", "raw") == "document":
            return _answer(b'{"result":{"mediaType":"%s","value":%s}}' % (media_type_of(task).encode(), text), JSON)
        return _answer(text, media_type_of(task))

    def other_methods(self, process: str) -> Response:
        """A process is begun by POST alone; OPTIONS says so."""
        _require_process(process)
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": ", ".join(_BEGIN)})
        raise MethodNotAllowed(valid_methods=_BEGIN)

    def jobs(self) -> Response:
        wish = read_wish(_FORMATS)
        known = list_jobs(self.service.context, _client()) if current_identity() is not ANONYMOUS else []
        base = self._base()
        jobs = [describe_job(job, base, wish.language) for job in known]
        return _answer(write_json({"jobs": jobs, "links": [link_to("self", f"{base}/jobs")]}), JSON)

    def job(self, job: str) -> Response:
        wish = read_wish(_FORMATS)
        return self._status(self._find(job), wish.language)

    def dismiss(self, job: str) -> Response:
        wish = read_wish(_FORMATS)
        drop_job(self.service.context, self._find(job).id)
        return self._status(self._find(job), wish.language)

    def results(self, job: str) -> Response:
        read_wish(_FORMATS)
        found = self._find(job)
        path = result_path(self.service.context, found.id)
        if found.state != "successful" or not path.is_file():
            why = f" It {found.state}: {found.message}" if found.state == "failed" else ""
            raise _NotReady(f"There is no result (yet).{why}", message_vi=f"Chưa có kết quả. {found.message_vi or ''}".strip())
        kind = JSON if found.process == "statistics" else "application/geo+json"
        response = send_file(path, f'inline; filename="{found.process}.json"', kind, lambda: None)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _run(self, task: Task) -> bytes:
        """The answer at once. Raises LimitExceeded, saying that a job may do more."""
        settings = self.service.context.settings
        require_bounded(
            self.service.context,
            task,
            settings.processes.max_sync_features,
            hint=" when waited for (with the header Prefer: respond-async more)",
            hint_vi=" khi chờ kết quả ngay (gửi tiêu đề Prefer: respond-async để xử lý nhiều hơn)",
        )
        patience = Patience(settings.processes.max_sync_features, settings.database.statement_timeout_s, _MOST_SYNC_BYTES)
        if not _AT_ONCE.acquire(blocking=False):
            raise TooManyRequests(
                "Other processes are being waited for; ask again, or send Prefer: respond-async.",
                message_vi="Đang có phép xử lý khác chạy; hãy thử lại hoặc gửi Prefer: respond-async.",
            ).in_seconds(_BUSY_S)
        try:
            return b"".join(write_answer(self.service.context, task, patience))
        finally:
            _AT_ONCE.release()

    def _find(self, job: str) -> ProcessJob:
        """A job, for whoever ordered it: an account, or anybody who knows its id. Raises _NoSuchJob."""
        found = find_job(self.service.context, job) if len(job) <= _LONGEST_ID else None
        if found is None or (found.asker is not None and found.client != _client()):
            raise _NoSuchJob("There is no such job, or it has expired.", message_vi="Không có việc xử lý này hoặc đã hết hạn.")
        return found

    def _status(self, job: ProcessJob, language: str, status: int = 200) -> Response:
        base = self._base()
        response = _answer(write_json(describe_job(job, base, language)), JSON)
        response.status_code = status
        if status == 201:
            response.headers["Location"] = f"{base}/jobs/{job.id}"
        if job.state in ("accepted", "running"):
            response.headers["Retry-After"] = "2"
        return response

    def _seen(self) -> Service:
        return self.service.seen_by(current_identity())

    def _base(self) -> str:
        return service_address(self.service.context.settings, "/ogcapi")


def _require_process(name: str) -> str:
    if name not in PROCESSES:
        raise _NoSuchProcess("There is no such process.", message_vi="Không có phép xử lý này.")
    return name


def _client() -> str:
    """What is counted: the account, else the address."""
    identity = current_identity()
    return request.remote_addr or "" if identity is ANONYMOUS else f"account {identity.account}"


def _read_request() -> Document:
    """The body of an execution (18-062r2 7.11.2). Raises InvalidParameter, UnsupportedMediaType."""
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    try:
        asked: Any = json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter("The body is no JSON.", locator="body", message_vi="Nội dung không phải JSON.") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("inputs"), dict):
        raise InvalidParameter("The body is an object with inputs.", locator="inputs", message_vi="Nội dung cần có inputs.")
    wrong = next((name for name in asked if name not in _MEMBERS), None)
    if wrong is not None:
        shown = str(wrong)[:60]
        raise InvalidParameter(f"{shown!r} is not offered.", locator=shown, message_vi=f"Không hỗ trợ {shown!r}.")
    if asked.get("response", "raw") not in ("raw", "document"):
        raise InvalidParameter("response is raw or document.", locator="response", message_vi="response là raw hoặc document.")
    _check_outputs(asked.get("outputs", {}))
    return asked


def _check_outputs(outputs: object) -> None:
    known = isinstance(outputs, dict) and all(name == "result" and isinstance(each, dict) for name, each in outputs.items())
    if not known or any(each.get("transmissionMode", "value") != "value" for each in outputs.values()):  # type: ignore[attr-defined]
        raise InvalidParameter(
            "The only output is result, transmitted by value.", locator="outputs", message_vi="Chỉ có đầu ra result, trả theo giá trị."
        )


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _answer(text: bytes, media_type: str) -> Response:
    response = Response(text, content_type=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response
