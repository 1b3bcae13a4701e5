# SPDX-License-Identifier: MIT
"""Reads the whole catalogue - groups, code lists, layer files - and tells every mistake of all files at once, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from server.catalog.catalog import Catalog, Home
from server.catalog.codes import read_code_list
from server.catalog.faults import find_layer_faults
from server.catalog.harvests import HARVEST_FOLDER
from server.catalog.model import NAME, CodeList, Group, Layer, Part
from server.catalog.queries import QUERIES_FOLDER
from server.catalog.surroundings import Surroundings, suggest
from server.config import Settings
from server.strictyaml import ConfigProblems, Place, build_model, read_yaml

GROUPS_FILE = "groups.yml"
CODES_FOLDER = "codes"


class _Groups(Part):
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class _LayerFile:
    """One layer file as found: its name below layers/, the layer and the line of every place."""

    name: str
    layer: Layer
    lines: Mapping[Place, int]


@dataclass
class _Found:
    """What has been read so far, and what was wrong."""

    groups: dict[str, Group] = field(default_factory=dict)
    group_lines: dict[str, int] = field(default_factory=dict)
    code_lists: dict[str, CodeList] = field(default_factory=dict)
    files: list[_LayerFile] = field(default_factory=list)
    layer_ids: set[str] = field(default_factory=set)
    list_ids: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def read_catalog(settings: Settings) -> Catalog:
    """Read the catalogue of this installation (`layers/`, or XANH_LAYERS). Raises ConfigProblems with everything wrong in all files."""
    province = settings.province
    return replace(read_catalog_in(settings.layers_dir), home=Home(province.code, province.box, province.margin_km))


def read_catalog_in(directory: Path) -> Catalog:
    """Read the catalogue in one directory. Raises ConfigProblems with everything wrong in all files."""
    found = _Found()
    _read_groups(directory / GROUPS_FILE, found)
    for path in sorted((directory / CODES_FOLDER).glob("*.csv")):
        found.list_ids.add(path.stem)
        try:
            found.code_lists[path.stem] = read_code_list(path)
        except ConfigProblems as error:
            found.problems += error.problems
    for path in sorted(directory.glob("*/*.y*ml")):
        if path.parent.name not in (QUERIES_FOLDER, HARVEST_FOLDER):
            _read_layer(path, found)
    found.problems += _find_cross_faults(found)
    if not found.files and not found.problems:
        found.problems.append(f"{GROUPS_FILE}:1: there is no layer file beside it (layers/<group>/<layer>.yml)")
    if found.problems:
        raise ConfigProblems(found.problems)
    layers = {file.layer.id: file.layer for file in found.files}
    return Catalog(groups=tuple(found.groups.values()), layers=_order_layers(found.groups, layers), code_lists=found.code_lists)


def _read_groups(path: Path, found: _Found) -> None:
    try:
        value, lines = read_yaml(path)
        if not isinstance(value, list):
            raise ConfigProblems([f"{GROUPS_FILE}:1: the file is a list of groups"])
        # The model wants a name for the list; the lines are those of the bare list.
        groups = build_model({"groups": value}, _Groups, GROUPS_FILE, {("groups", *place): line for place, line in lines.items()}).groups
    except ConfigProblems as error:
        found.problems += error.problems
        return
    for index, group in enumerate(groups):
        if group.id in found.groups:
            found.problems.append(f"{GROUPS_FILE}:{lines[(index, 'id')]}: the group {group.id!r} stands twice")
        found.groups[group.id] = group
        found.group_lines[group.id] = lines.get((index, "layers"), lines[(index, "id")])


def _read_layer(path: Path, found: _Found) -> None:
    name = f"{path.parent.name}/{path.name}"
    if path.stem in found.layer_ids:
        found.problems.append(f"{name}:1: there is another layer file {path.stem!r}")
    found.layer_ids.add(path.stem)
    try:
        if path.suffix != ".yml":
            raise ConfigProblems([f"{name}:1: a layer file ends in .yml"])
        if not re.fullmatch(NAME, path.stem):
            raise ConfigProblems([f"{name}:1: the name of a layer file is lower case letters, digits and _"])
        value, lines = read_yaml(path, name)
        if not isinstance(value, dict):
            raise ConfigProblems([f"{name}:1: the file is not a set of keys"])
        file = _LayerFile(name, build_model(value, Layer, name, lines), lines)
    except ConfigProblems as error:
        found.problems += error.problems
        return
    if file.layer.id != path.stem:
        found.problems.append(f"{name}:{lines[('id',)]}: the id {file.layer.id!r} differs from the file name {path.stem!r}")
    elif file.layer.group != path.parent.name:
        found.problems.append(f"{name}:{lines[('group',)]}: the group {file.layer.group!r} differs from the folder {path.parent.name!r}")
    else:
        found.files.append(file)


def _find_cross_faults(found: _Found) -> Iterator[str]:
    around = Surroundings(
        groups=found.groups,
        layers={file.layer.id: file.layer for file in found.files},
        code_lists=found.code_lists,
        layer_ids=found.layer_ids,
        list_ids=found.list_ids,
    )
    for file in found.files:
        faults = {(_line_of(place, file.lines), _spell(place), text) for place, text in find_layer_faults(file.layer, around)}
        yield from (f"{file.name}:{line}: {where}: {text}" for line, where, text in sorted(faults))
    members = {layer_id: layer.group for layer_id, layer in around.layers.items()}
    for group in found.groups.values():
        where = f"{GROUPS_FILE}:{found.group_lines[group.id]}: {group.id}"
        for layer_id in group.layers:
            if layer_id not in found.layer_ids:
                yield f"{where}: there is no layer {layer_id!r}{suggest(layer_id, found.layer_ids)}"
            elif members.get(layer_id, group.id) != group.id:
                yield f"{where}: the layer {layer_id!r} belongs to {members[layer_id]!r}"
        fault = _parent_fault(group, found.groups)
        if fault:
            yield f"{where}: {fault}"


def _parent_fault(group: Group, groups: Mapping[str, Group]) -> str | None:
    """What is wrong with the group's place in the tree."""
    seen = {group.id}
    above = group.parent
    while above is not None:
        if above not in groups:
            return f"there is no group {above!r}{suggest(above, groups)}" if above == group.parent else None
        if above in seen:
            return "its parents lead in a circle"
        seen.add(above)
        above = groups[above].parent
    return None


def _line_of(place: Place, lines: Mapping[Place, int]) -> int:
    while place not in lines:
        place = place[:-1]
    return lines[place]


def _spell(place: Place) -> str:
    return ".".join(str(part) for part in place if not isinstance(part, int))


def _order_layers(groups: Mapping[str, Group], layers: Mapping[str, Layer]) -> dict[str, Layer]:
    """Layers in the order of the tree: groups as listed, inside a group the order it names, then by id."""
    order: dict[str, Layer] = {}
    for group in groups.values():
        mine = sorted(layer_id for layer_id, layer in layers.items() if layer.group == group.id)
        for layer_id in (*group.layers, *mine):
            order.setdefault(layer_id, layers[layer_id])
    return order
