# SPDX-License-Identifier: MIT
"""The committed schema of layer files is the one of the model."""

from __future__ import annotations

from server.catalog.model import Layer
from server.catalog.schema import SCHEMA_FILE, layer_schema, render_schema


def test_the_committed_schema_does_not_drift_from_the_model() -> None:
    written = SCHEMA_FILE.read_text(encoding="utf-8")
    assert written == render_schema(), "run `python -m server.catalog.schema`"


def test_the_schema_refuses_unknown_keys_and_bad_field_names() -> None:
    schema = layer_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(Layer.model_fields)
    assert schema["properties"]["fields"]["propertyNames"]["pattern"].startswith("^[a-z]")
