"""How the rows of each sheet become rows of a table: keys, references by code, computed columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from yiti.kernel.errors import InvalidInput
from yiti.kernel.pinyin import pinyin, pinyin_initials
from yiti.kernel.text import N_
from yiti.registry.facilities.domain import RegionLevel
from yiti.registry.facilities.domain.divisions import place_above
from yiti.registry.facilities.domain.sheets import SHEETS
from yiti.registry.facilities.models import (
    Alliance,
    AllianceMembership,
    Bed,
    CapabilityOverride,
    Consortium,
    ConsortiumMembership,
    Department,
    Equipment,
    Institution,
    InstitutionOperation,
    Region,
)

Values = Mapping[str, Any]
Key = tuple[Any, ...]


def _as_it_is(values: Values) -> Iterable[Values]:
    return (values,)


def _with_parent(values: Values) -> Iterable[Values]:
    yield {**values, "parent": place_above(values["level"], values["code"])}


def _with_pinyin(values: Values) -> Iterable[Values]:
    yield {**values, "pinyin": pinyin(values["name"]), "initials": pinyin_initials(values["name"])}


def _one_by_one(values: Values) -> Iterable[Values]:
    rest = {name: value for name, value in values.items() if name not in {"first", "last"}}
    for number in range(values["first"], values["last"] + 1):
        yield {**rest, "label": f"{number:02d}"}


@dataclass(frozen=True)
class Table:
    """Where a sheet is kept. `key` are the columns of the natural key; `links` say which column holds a
    code of which sheet; `rows` makes table rows of one sheet row."""

    sheet: str
    model: type[models.Model]
    key: tuple[str, ...]
    links: Mapping[str, str]
    rows: Callable[[Values], Iterable[Values]] = _as_it_is

    @property
    def has_plain_key(self) -> bool:
        """Whether the key stands in the sheet itself, with no code to be looked up first."""
        return SHEETS[self.sheet].key == self.key

    def existing(self, columns: Iterable[str] = ()) -> dict[Key, dict[str, Any]]:
        """Rows of the table by natural key, each with its `id` and these columns."""
        found = self.model._default_manager.values("id", *self.key, *columns)  # noqa: SLF001
        return {tuple(row[name] for name in self.key): row for row in found}


def _table(
    sheet: str,
    model: type[models.Model],
    key: tuple[str, ...],
    rows: Callable[[Values], Iterable[Values]] = _as_it_is,
    **links: str,
) -> Table:
    declared = {c.name: c.refers_to for c in SHEETS[sheet].columns if c.refers_to}
    return Table(sheet, model, key, {**declared, **links}, rows)


TABLES = (
    _table("regions", Region, ("code", "level"), _with_parent, parent="regions"),
    _table("institutions", Institution, ("code",), _with_pinyin),
    _table("departments", Department, ("institution_id", "code")),
    _table("beds", Bed, ("department_id", "label"), _one_by_one),
    _table("operations", InstitutionOperation, ("institution_id", "code", "valid_from")),
    _table("equipment", Equipment, ("institution_id", "name")),
    _table("consortia", Consortium, ("code",)),
    _table("memberships", ConsortiumMembership, ("consortium_id", "institution_id", "valid_from")),
    _table("alliances", Alliance, ("code",)),
    _table("alliance_members", AllianceMembership, ("alliance_id", "institution_id", "valid_from")),
    _table("capability", CapabilityOverride, ("institution_id", "icd_prefix", "valid_from")),
)
_BY_SHEET = {table.sheet: table for table in TABLES}


class Codes:
    """Ids by natural key, of rows in the database and of rows about to be created; read when first asked."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[Key, UUID]] = {}

    def of(self, sheet: str) -> dict[Key, UUID]:
        """Ids of one sheet's table by natural key."""
        if sheet not in self._ids:
            self._ids[sheet] = {key: row["id"] for key, row in _BY_SHEET[sheet].existing().items()}
        return self._ids[sheet]

    def resolve(self, table: Table, values: Values) -> dict[str, Any]:
        """The values with codes replaced by ids. Raises `InvalidInput` for a code nobody has."""
        out: dict[str, Any] = {}
        for name, value in values.items():
            if name in table.links:
                out[f"{name}_id"] = None if value is None else self._find(table.links[name], value, name)
            else:
                out[name] = value
        if table.model is Bed:
            key = (out.pop("institution_id"), out.pop("department"))
            out["department_id"] = self._find("departments", key, "department")
        return out

    def _find(self, sheet: str, code: str | Key, column: str) -> UUID:
        ids = self.of(sheet)
        for key in _keys(sheet, code):
            if key in ids:
                return ids[key]
        raise InvalidInput(
            N_("没有这个编码：{code}"), field=column, code=code if isinstance(code, str) else code[-1]
        )


def _keys(sheet: str, code: str | Key) -> Iterator[Key]:
    """The natural keys that a code may mean: a region's code alone means the highest of its levels."""
    if not isinstance(code, str):
        yield code
    elif sheet == "regions":
        yield from ((code, level) for level in RegionLevel)
    else:
        yield (code,)
