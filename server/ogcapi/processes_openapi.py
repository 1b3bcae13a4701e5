# SPDX-License-Identifier: MIT
"""The paths of OGC API - Processes for the OpenAPI document (18-062r2)."""

from __future__ import annotations

from server.features.processes import GEOJSON
from server.jobs.process_inputs import PROCESSES
from server.ogcapi.openapi_parts import LANG, Document, describe_get, path_parameter, problems
from server.ogcapi.plain import HTML, JSON
from server.ogcapi.processes_documents import input_schemas
from server.ogcapi.service import Service

_STATUS: Document = {
    "type": "object",
    "required": ["type", "processID", "jobID", "status", "links"],
    "properties": {
        "type": {"type": "string", "enum": ["process"]},
        "processID": {"type": "string"},
        "jobID": {"type": "string"},
        "status": {"type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"]},
        "message": {"type": "string"},
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "links": {"type": "array", "items": {"type": "object"}},
    },
}


def describe_process_paths(service: Service) -> Document:
    """Processes, how each is executed, jobs."""
    job = path_parameter("jobId", "A job.")
    status = {JSON: {"schema": _STATUS}}
    dismissal = describe_get("dismissJob", "Dismiss a job", [job], {"json": JSON})["get"]
    dismissal["responses"]["200"]["content"] = status
    one = describe_get("getJob", "The status of a job", [job], {"json": JSON})
    one["get"]["responses"]["200"]["content"] = status
    results = describe_get("getJobResults", "The result of a job", [job], {"json": JSON})
    results["get"]["responses"]["200"]["content"] = {JSON: {"schema": {"type": "object"}}, GEOJSON: {"schema": {"type": "object"}}}
    paths: Document = {
        "/processes": describe_get("getProcesses", "The processes", [], {"json": JSON, "html": HTML}),
        "/jobs": describe_get("getJobs", "The jobs of an account", [], {"json": JSON}),
        "/jobs/{jobId}": {**one, "delete": dismissal},
        "/jobs/{jobId}/results": results,
    }
    schemas = input_schemas(service)
    for name, (inputs, _) in PROCESSES.items():
        paths[f"/processes/{name}"] = describe_get(f"describe.{name}", "One process", [], {"json": JSON, "html": HTML})
        paths[f"/processes/{name}/execution"] = {"post": _describe_execution(name, {each: schemas[each] for each in inputs})}
    return paths


def _describe_execution(name: str, inputs: Document) -> Document:
    required = [each for each in ("layer", "distance") if each in inputs]
    body = {
        "type": "object",
        "required": ["inputs"],
        "properties": {
            "inputs": {"type": "object", "required": required, "properties": inputs},
            "response": {"type": "string", "enum": ["raw", "document"], "default": "raw"},
            "outputs": {"type": "object", "properties": {"result": {"type": "object"}}},
        },
    }
    prefer: Document = {
        "name": "Prefer",
        "in": "header",
        "description": "respond-async for a job in the background.",
        "required": False,
        "schema": {"type": "string", "enum": ["respond-async"]},
    }
    answered = {JSON: {"schema": {"type": "object"}}, **({} if name == "statistics" else {GEOJSON: {"schema": {"type": "object"}}})}
    return {
        "operationId": f"execute.{name}",
        "summary": f"Execute {name}",
        "tags": ["server"],
        "parameters": [prefer, LANG],
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "responses": {
            "200": {"description": "The result.", "content": answered},
            "201": {"description": "A job was made; Location says where.", "content": {JSON: {"schema": _STATUS}}},
            **problems("400", "401", "404", "413", "415", "429"),
        },
    }
