# SPDX-License-Identifier: MIT
"""The JSON Schema of layer files, generated from the model. Editors use it through `# yaml-language-server: $schema=../layer.schema.json`.

`python -m server.catalog.schema` writes `layers/layer.schema.json`; a test fails when the file and the model differ.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from server.catalog.model import NAME, Layer
from server.config import ROOT

SCHEMA_FILE = ROOT / "layers" / "layer.schema.json"


def layer_schema() -> dict[str, Any]:
    """The schema of one layer file (JSON Schema 2020-12)."""
    schema = Layer.model_json_schema()
    schema["properties"]["fields"]["propertyNames"] = {"pattern": NAME}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Layer file"}


def render_schema() -> str:
    """The schema as the text of the committed file."""
    return json.dumps(layer_schema(), ensure_ascii=False, indent=2) + "\n"


def write_schema(path: Path = SCHEMA_FILE) -> None:
    """Write the schema beside the layer files."""
    path.write_text(render_schema(), encoding="utf-8")


if __name__ == "__main__":
    write_schema()
