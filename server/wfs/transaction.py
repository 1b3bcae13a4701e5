# SPDX-License-Identifier: MIT
"""Transaction (WFS 2.0.0: 09-025r2 15; 1.1.0: 04-094 12; 1.0.0: 02-058 11).

All actions go in document order through the write door, or none does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, request

from server.access import Identity
from server.context import Context
from server.errors import AccessDenied, LimitExceeded, XanhError, blame
from server.features.faults import Fault
from server.features.replies import LOCATOR, NamedRequest, Reply, carry_out, claim, keep, name_request
from server.features.write import WriteDoor, open_door
from server.ows.kvp import read_kvp
from server.query.edits import Edit
from server.signin import require_signed_in
from server.wfs.edits import EditPlanner, Step
from server.wfs.inserts import InsertReader
from server.wfs.plan import Planner
from server.wfs.transactionactions import Insert, read_single
from server.wfs.transactionresponse import Done, answer_document, answer_refusal, write_done
from server.wfs.transactionxml import Transaction, read_transaction
from server.wfs.xmlrequests import require_xml
from server.xmlio.alike import read_alike
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, namespace, text_form

PROTOCOL = "wfs"
# QGIS sends one save as up to four transactions, one after the other.
ONE_SAVE_S = 10.0
# From so many actions on it pays to look whether all are written alike.
_WORTH_COLUMNS = 20
_KEY_PARAMETER = "IDEMPOTENCYKEY"


def answer_transaction(context: Context, planner: Planner, body: Element | None) -> Response:
    """The response to a Transaction, once everything is stored and what may be published is.

    What is wrong with it is answered with an exception report that names the action at fault; nothing is changed then. Raises
    NotAuthenticated, AccessDenied, InvalidParameter (it is no XML) and ServerFault.
    """
    identity = require_signed_in()
    root = require_xml(body)
    try:
        asked = read_transaction(root, planner.limits.max_actions)
        task = _Task(context, identity, asked, list(_plan(planner, root, asked)), _name(root, asked))
        reply = carry_out(context.database, identity, task.named, lambda: _run(task))
    except XanhError as error:
        if isinstance(error, AccessDenied) or not error.is_client_fault:
            raise
        return answer_refusal(error, _version_to_answer(root))
    response = answer_document(reply.body, reply.status)
    response.headers.update(reply.headers)
    return response


def _plan(planner: Planner, root: Element, asked: Transaction) -> Iterator[Step]:
    """The actions as steps, in order. Raises what `EditPlanner.plan` raises."""
    edits = EditPlanner(planner, asked.version)
    inserts = InsertReader(edits)
    news = _read_alike(root, asked, inserts) if _WORTH_COLUMNS <= len(root) <= planner.limits.max_actions else None
    if news is not None:
        yield Step(news)
        return
    for action in asked.actions:
        edit = inserts.read(action) if isinstance(action, Insert) else None
        yield edits.plan(action) if edit is None else Step(edit)


def _read_alike(root: Element, asked: Transaction, inserts: InsertReader) -> Edit | None:
    """The new features of a transaction of Inserts of one feature each, all written alike; None when it is not one of these."""
    action = read_single(root[0], asked.reading)
    if not isinstance(action, Insert) or inserts.read(action) is None:
        return None
    alike = read_alike(root)
    return inserts.read_alike(action, alike) if alike else None


def _name(root: Element, asked: Transaction) -> NamedRequest | None:
    """The name this transaction bears: a header, for clients that cannot send one a parameter of the address, or its handle.

    Raises InvalidParameter.
    """
    key = request.headers.get(LOCATOR) or read_kvp(request.query_string).get(_KEY_PARAMETER) or asked.key
    return name_request(key, (text_form(root),)) if key is not None else None


def _version_to_answer(root: Element) -> str:
    """The version a refusal is written in, also when the client named none, or a wrong one."""
    if namespace(root) == Namespace.WFS20:
        return "2.0.0"
    return "1.0.0" if attribute(root, "version") == "1.0.0" else "1.1.0"


@dataclass(frozen=True)
class _Task:
    """A transaction ready to run: for whom, what was asked, its steps, and its name where it has one."""

    context: Context
    identity: Identity
    asked: Transaction
    steps: list[Step]
    named: NamedRequest | None


def _run(task: _Task) -> Reply:
    """Apply the steps in order. Neighbours whose features are known go to the door together; a filter sees all that was done before it."""
    context, asked = task.context, task.asked
    limit = context.settings.limits.max_edits
    made: list[tuple[str | None, str]] = []
    with open_door(context.database, context.catalog, task.identity, PROTOCOL, join_s=ONE_SAVE_S) as (door, _):
        claim(door, task.named)
        if asked.lock_id:
            door.use_lock(asked.lock_id)
        waiting: list[Edit] = []
        count = 0
        for step in task.steps:
            edits = step.known
            if edits is None:
                door.apply(waiting)
                waiting = []
                edits = _find(door, step, limit)
            count += sum(edit.count for edit in edits)
            if count > limit:
                raise LimitExceeded(
                    f"One transaction changes at most {limit} features.",
                    locator="Transaction",
                    message_vi=f"Một giao dịch sửa nhiều nhất {limit} đối tượng.",
                )
            made += [made_by for edit in edits if edit.action == "insert" for made_by in [(edit.handle, edit.layer.id)] * edit.count]
            waiting += edits
        door.apply(waiting)
        door.release_lock(everything=asked.releases_all)
        reply = Reply(200, {}, write_done(_sum_up(asked.version, door, made)))
        return keep(door, task.named, reply, context.settings.limits.idempotency_hours)


def _sum_up(version: str, door: WriteDoor, made: list[tuple[str | None, str]]) -> Done:
    """What the door did; `made` are handle and layer of each new feature in order."""
    changed: dict[str, list[tuple[str | None, str]]] = {"update": [], "replace": []}
    for edit in door.changed:
        changed[edit.action].append((edit.handle, f"{edit.layer.id}.{edit.id}"))
    return Done(
        version,
        inserted=tuple((handle, f"{layer}.{number}") for (handle, layer), number in zip(made, door.inserted, strict=True)),
        updated=tuple(changed["update"]),
        replaced=tuple(changed["replace"]),
        deleted=door.deleted,
    )


def _find(door: WriteDoor, step: Step, limit: int) -> tuple[Edit, ...]:
    """The changes of the features the step's filter matches now. Raises EditRefused for values that only the system changes."""
    with blame(step.edit.handle):
        layer = step.edit.layer
        found = door.find(layer, step.where, limit + 1)
        if step.unchanged and found != door.find(layer, step.as_it_is(), limit + 1):
            raise Fault("read_only", step.unchanged[0][0]).error(layer)
        return step.spread(tuple(found))
