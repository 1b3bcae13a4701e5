# SPDX-License-Identifier: MIT
"""Finds the PostgreSQL programs of this machine."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from server.errors import SetupRefused

_HOMES = (Path("/usr/lib/postgresql"), Path("/usr/local/lib/postgresql"))
_EXTENSIONS = "/usr/share/postgresql/{version}/extension/postgis.control"


def find_binaries(version: str | None = None) -> Path:
    """Directory that holds `initdb`, `pg_ctl` and `postgres`: the newest version with PostGIS, or exactly `version`.

    Raises SetupRefused naming the packages when there is none.
    """
    found = [
        (int(home.name), home / "bin")
        for parent in _HOMES
        for home in parent.glob("*")
        if re.fullmatch(r"\d+", home.name) and (home / "bin" / "initdb").exists()
    ]
    if version is not None:
        found = [entry for entry in found if str(entry[0]) == version]
        if not found:
            raise SetupRefused(f"PostgreSQL {version} made this cluster; install the package postgresql-{version}-postgis-3.")
    with_postgis = [entry for entry in found if Path(_EXTENSIONS.format(version=entry[0])).exists()]
    if with_postgis:
        return max(with_postgis)[1]
    on_path = shutil.which("initdb")
    if on_path and not found:
        return Path(on_path).resolve().parent
    raise SetupRefused("PostgreSQL with PostGIS is not installed; install the packages postgresql and postgresql-postgis.")
