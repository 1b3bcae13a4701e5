# SPDX-License-Identifier: MIT
"""What is said of processes and jobs (OGC API - Processes 1, 18-062r2): descriptions with JSON Schemas of inputs, status of jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from server.catalog.model import Layer
from server.features.processes import GEOJSON
from server.jobs.process_inputs import DEFAULT_ZONES, MOST_FIELDS, MOST_METRES, PROCESSES
from server.ogcapi.plain import HTML, JSON, Document
from server.ogcapi.service import Service
from server.ogcapi.tiles_links import REL, link_to
from server.query.processes import ProcessJob

_VERSION = "1.0.0"
_TITLES = {
    "buffer": ("Vùng đệm", "Buffer"),
    "clip": ("Cắt theo vùng", "Clip"),
    "statistics": ("Thống kê theo xã, phường", "Statistics by commune"),
}
_TEXTS = {
    "buffer": (
        "Vùng quanh các đối tượng, tính bằng mét trên mặt elipxoit.",
        "The ground so many metres around features, on the ellipsoid.",
    ),
    "clip": ("Phần của các đối tượng nằm trong một vùng.", "What of features lies inside an area."),
    "statistics": (
        "Số đối tượng, diện tích hoặc chiều dài và các trường số của một lớp theo từng xã, phường (hoặc vùng khác).",
        "Features counted, their area or length and number fields summed up, by commune (or other areas).",
    ),
}
_INPUTS = {
    "layer": ("Lớp dữ liệu", "A layer"),
    "filter": ("Bộ lọc CQL2", "A condition in CQL2 on its fields"),
    "distance": ("Khoảng cách (mét)", "Distance in metres"),
    "dissolve": ("Gộp thành một vùng", "All as one area"),
    "geometry": ("Vùng cắt (GeoJSON, kinh độ trước)", "The area as GeoJSON, longitude first"),
    "zones": ("Lớp các vùng", "A layer of areas"),
    "zone": ("Mã của một vùng trong zones", "The id of an area of zones"),
    "fields": ("Các trường số", "Fields of numbers"),
}
_REQUIRED = {"layer", "distance"}


def list_processes(base: str, language: str) -> Document:
    """All processes in short."""
    processes = [{**_summary(name, language), "links": _links(name, base, language)[:2]} for name in PROCESSES]
    return {
        "processes": processes,
        "links": [link_to("self", f"{base}/processes?f=json"), link_to("alternate", f"{base}/processes?f=html", "HTML", HTML)],
    }


def describe_process(service: Service, name: str, base: str, language: str) -> Document:
    """One process: inputs and output."""
    schemas = input_schemas(service)
    is_figures = name == "statistics"
    return {
        **_summary(name, language),
        "inputs": {
            each: {
                "title": _INPUTS[each][language == "en"],
                "minOccurs": 1 if each in _REQUIRED else 0,
                "maxOccurs": 1,
                "schema": schemas[each],
            }
            for each in PROCESSES[name][0]
        },
        "outputs": {
            "result": {
                "title": "Kết quả" if language != "en" else "The result",
                "schema": {"type": "object", "contentMediaType": JSON if is_figures else GEOJSON},
            }
        },
        "links": _links(name, base, language),
    }


def input_schemas(service: Service) -> dict[str, Document]:
    """JSON Schema of every input, with the layers the reader may see."""
    placed = [layer.id for layer in service.layers() if layer.has_geometry]
    areas = [layer.id for layer in service.layers() if _is_area(layer)]
    return {
        "layer": {"type": "string", **({"enum": placed} if placed else {})},
        "filter": {"type": "string", "maxLength": service.context.settings.limits.max_query_bytes},
        "distance": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": MOST_METRES},
        "dissolve": {"type": "boolean", "default": False},
        "geometry": {"type": "object", "required": ["type", "coordinates"], "format": "geojson-geometry"},
        "zones": {
            "type": "string",
            **({"enum": areas} if areas else {}),
            **({"default": DEFAULT_ZONES} if DEFAULT_ZONES in areas else {}),
        },
        "zone": {"type": "integer", "minimum": 1},
        "fields": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_FIELDS},
    }


def describe_job(job: ProcessJob, base: str, language: str) -> Document:
    """The status of a job (18-062r2 table 10)."""
    address = f"{base}/jobs/{quote(job.id)}"
    links = [link_to("self", address)]
    if job.state == "successful":
        media_type = JSON if job.process == "statistics" else GEOJSON
        title = "Kết quả" if language != "en" else "The result"
        links.append(link_to(f"{REL}/results", f"{address}/results", title, media_type))
    out: Document = {
        "type": "process",
        "processID": job.process,
        "jobID": job.id,
        "status": job.state,
        "created": _moment(job.created_at),
        "progress": 100 if job.state == "successful" else 0,
        "links": links,
    }
    message = (job.message_vi if language != "en" else None) or job.message
    optional = {"message": message, "started": job.started_at, "finished": job.finished_at}
    out |= {name: _moment(value) if isinstance(value, datetime) else value for name, value in optional.items() if value is not None}
    return out | {"expires": _moment(job.expires_at)}


def _summary(name: str, language: str) -> Document:
    return {
        "id": name,
        "title": _TITLES[name][language == "en"],
        "description": _TEXTS[name][language == "en"],
        "version": _VERSION,
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
    }


def _links(name: str, base: str, language: str) -> list[Document]:
    return [
        link_to("self", f"{base}/processes/{name}", _TITLES[name][language == "en"]),
        link_to("alternate", f"{base}/processes/{name}?f=html", "HTML", HTML),
        link_to(f"{REL}/execute", f"{base}/processes/{name}/execution", "Chạy" if language != "en" else "Execute"),
    ]


def _is_area(layer: Layer) -> bool:
    return layer.geometry in ("polygon", "multipolygon")


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
