# SPDX-License-Identifier: MIT
"""Reads a code list, `layers/codes/<list>.csv`: one row per code, every mistake with file and line. A row without a source is refused."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from server.catalog.model import NAME, Code, CodeList
from server.strictyaml import ConfigProblems

COLUMNS = ("code", "vi", "en", "aliases", "valid_from", "valid_to", "colour", "source", "status")
REQUIRED = ("code", "vi", "en", "source", "status")


def read_code_list(path: Path) -> CodeList:
    """Read one code list (CSV, UTF-8, commas; aliases parted by `|`). Raises ConfigProblems with all its mistakes."""
    name = f"codes/{path.name}"
    if not re.fullmatch(NAME, path.stem):
        raise ConfigProblems([f"{name}:1: the name of a code list is lower case letters, digits and _"])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigProblems([f"{name}:1: cannot be read as CSV in UTF-8 ({type(error).__name__})"]) from error
    if not rows:
        raise ConfigProblems([f"{name}:1: the file is empty; its first line is {','.join(COLUMNS)}"])
    problems = _find_header_faults(rows[0][1])
    if problems:
        raise ConfigProblems([f"{name}:1: {text}" for text in problems])
    codes, faults = _read_rows(rows[0][1], rows[1:])
    faults += _find_list_faults(codes)
    if faults:
        raise ConfigProblems([f"{name}:{line}: {text}" for line, text in sorted(faults)])
    return CodeList(id=path.stem, codes=tuple(code for _, code in codes))


def _find_header_faults(header: Sequence[str]) -> list[str]:
    faults = []
    for column in header:
        if column not in COLUMNS:
            near = difflib.get_close_matches(column, COLUMNS, n=1, cutoff=0.5)
            faults.append(f"unknown column {column!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    faults += [f"the column {column!r} is missing" for column in REQUIRED if column not in header]
    if len(set(header)) != len(header):
        faults.append("a column stands twice")
    return faults


def _read_rows(header: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> tuple[list[tuple[int, Code]], list[tuple[int, str]]]:
    codes: list[tuple[int, Code]] = []
    faults: list[tuple[int, str]] = []
    for line, row in rows:
        if len(row) != len(header):
            faults.append((line, f"the row has {len(row)} values, the head {len(header)}"))
            continue
        values = {column: value.strip() for column, value in zip(header, row, strict=True) if value.strip()}
        aliases = tuple(part.strip() for part in values.pop("aliases", "").split("|") if part.strip())
        try:
            codes.append((line, Code.model_validate({**values, "aliases": aliases})))
        except ValidationError as error:
            faults += [(line, _describe(item["loc"][0], item["type"], item["msg"])) for item in error.errors()]
    return codes, faults


def _describe(column: int | str, kind: str, message: str) -> str:
    if kind == "missing":
        return f"{column} is empty" + ("; every row names its source" if column == "source" else "")
    message = message.removeprefix("Value error, ")
    return f"{column}: {message[:1].lower()}{message[1:]}"


def _find_list_faults(codes: Sequence[tuple[int, Code]]) -> list[tuple[int, str]]:
    """Codes that stand twice, names that could mean two codes, periods that end before they begin."""
    faults: list[tuple[int, str]] = []
    meaning: dict[str, str] = {}
    seen: set[str] = set()
    for line, entry in codes:
        if entry.code in seen:
            faults.append((line, f"the code {entry.code!r} stands twice"))
        seen.add(entry.code)
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            faults.append((line, "valid_to lies before valid_from"))
        for word in {entry.code.casefold(), *(alias.casefold() for alias in entry.aliases), entry.vi.casefold(), entry.en.casefold()}:
            other = meaning.setdefault(word, entry.code)
            if other != entry.code:
                faults.append((line, f"{word!r} already means {other!r}"))
    return faults
