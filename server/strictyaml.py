# SPDX-License-Identifier: MIT
"""Strict YAML: typed models out of YAML files, every mistake with file, line and the nearest valid key.

The only importer of PyYAML. Used by the configuration and the catalogue.
"""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from server.errors import ConfigError

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class ConfigProblems(ConfigError):
    """Everything wrong in one or more files; `problems` is a list of `file:line: sentence`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems), locator=problems[0].split(": ")[0] if problems else None)
        self.problems = tuple(problems)


_OLD_HABITS = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int")


class _Loader(yaml.SafeLoader):
    """YAML 1.2 habits: `yes`, `on`, dates and octals stay text; only true/false are booleans. No aliases: nothing nests itself."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node; an alias (`*name`) is an error."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not used here", mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in _OLD_HABITS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?(0|[1-9][0-9]*)$"), list("-+0123456789"))


def _read_node(node: yaml.Node, path: Place, lines: dict[Place, int], problems: list[tuple[int, str]]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in out:
                problems.append((key_node.start_mark.line + 1, f"the key {key!r} stands twice"))
            lines[(*path, key)] = key_node.start_mark.line + 1
            out[key] = _read_node(value_node, (*path, key), lines, problems)
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_read_node(child, (*path, i), lines, problems) for i, child in enumerate(node.value)]
    loader = _Loader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        problems.append((node.start_mark.line + 1, f"not a plain value: {node.tag}"))
        return None
    finally:
        loader.dispose()


def read_yaml(path: Path, name: str | None = None) -> tuple[Any, dict[Place, int]]:
    """Read one YAML file as plain values plus the line (from 1) of every key and item. `name` is what problems call the file.

    Raises ConfigProblems when the file is missing, is not YAML, or repeats a key.
    """
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigProblems([f"{name}:1: cannot be read ({type(error).__name__})"]) from error
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ConfigProblems([f"{name}:{line}: not valid YAML: {getattr(error, 'problem', None) or error}"]) from error
    if node is None:
        return {}, {(): 1}
    lines: dict[Place, int] = {}
    problems: list[tuple[int, str]] = []
    value = _read_node(node, (), lines, problems)
    if problems:
        raise ConfigProblems([f"{name}:{line}: {text}" for line, text in problems])
    return value, lines


def read_model(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a pydantic model.

    Raises ConfigProblems naming file, line and, for an unknown key, the nearest valid one - all mistakes at once.
    """
    value, lines = read_yaml(path)
    return build_model(value, model, path.name, lines)


def build_model(value: Any, model: type[Model], file: str, lines: Mapping[Place, int]) -> Model:
    """Check plain values against a model; `lines` locates the mistakes. Raises ConfigProblems."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = [_sentence(file, item["loc"], item, model, lines) for item in error.errors()]
        raise ConfigProblems(sorted(set(found), key=lambda text: int(text.split(":")[1]))) from error


def _sentence(file: str, loc: Place, item: Any, model: type[BaseModel], lines: Mapping[Place, int]) -> str:
    place = loc
    while place and place not in lines:
        place = place[:-1]
    line = lines.get(place, 1)
    where = ".".join(str(part) for part in place) or "file"
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(loc[-1]), sorted(_keys_at(model, loc[:-1])), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{file}:{line}: unknown key {loc[-1]!r}{hint}"
    if item["type"] == "missing":
        return f"{file}:{line}: {'' if where == 'file' else where + ': '}the key {loc[-1]!r} is missing"
    message = item["msg"].removeprefix("Value error, ")
    return f"{file}:{line}: {where}: {message[:1].lower()}{message[1:]}{_nearest_value(item)}"


def _nearest_value(item: Any) -> str:
    """A hint for a misspelt fixed value, or nothing."""
    if item["type"] != "literal_error":
        return ""
    near = difflib.get_close_matches(str(item["input"]), re.findall("'([^']+)'", item["ctx"]["expected"]), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _keys_at(model: type[BaseModel], loc: Place) -> set[str]:
    """Keys valid at a location: follows the model's annotations through dicts, lists and unions."""
    kinds: list[Any] = [model]
    for part in loc:
        following: list[Any] = []
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                field = kind.model_fields.get(str(part)) or next((f for f in kind.model_fields.values() if f.alias == part), None)
                if field is not None:
                    following += _unwrap(field.annotation)
            else:
                following += [inner for arg in typing.get_args(kind) for inner in _unwrap(arg)]
        kinds = following or kinds
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return {field.alias or name for kind in models for name, field in kind.model_fields.items()}


def _unwrap(annotation: Any) -> list[Any]:
    """The alternatives of a union (Annotated and Optional removed); anything else alone."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _unwrap(typing.get_args(annotation)[0])
    if origin is typing.Union or type(annotation).__name__ == "UnionType":
        return [inner for arg in typing.get_args(annotation) for inner in _unwrap(arg)]
    return [annotation]
