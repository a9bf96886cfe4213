from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from yiti.foundation.rules import public as rules
from yiti.kernel.errors import NotFound
from yiti.kernel.pinyin import pinyin_initials
from yiti.registry.facilities.domain import (
    Capability,
    Directory,
    DirectoryEntry,
    DirectoryLine,
    InstitutionRow,
    Kind,
    Level,
    Subject,
    Tier,
    Verdict,
)
from yiti.registry.facilities.models import Equipment, Institution, InstitutionOperation, valid_on
from yiti.registry.facilities.selectors.capability import capabilities
from yiti.registry.facilities.selectors.institutions import BY_LEVEL, institution_rows
from yiti.registry.facilities.selectors.rulebook import catalogue, catalogue_rule
from yiti.registry.terminology import public as terminology

_TREATING = [kind.value for kind in Kind if kind.facts.tier is not None]
_NOTHING = Capability(Verdict.UNKNOWN, "", "没有登记")

Cells = Callable[[UUID, DirectoryEntry], Capability]


def directory(subject: Subject, on: date, *, text: str = "", group: str = "") -> Directory:
    """The capability directory of a day: the county's hospitals and township hospitals across, diseases,
    operations or devices down.

    `text` is part of a name or of its initials, or the beginning of a code; `group` one of `groups`.
    """
    columns = _columns(on)
    region = columns[0].region_code if columns else rules.ANYWHERE
    book, rule = catalogue(on, region), catalogue_rule(on, region)
    entries = {each: _entries(each, on, region) for each in Subject}
    shown = [each for each in entries[subject] if group in ("", each.group) and _fits(each, text)]
    cells = _cells(subject, columns, shown, on)
    return Directory(
        subject=subject,
        columns=tuple(columns),
        lines=tuple(
            DirectoryLine(each, tuple(cells(column.id, each) for column in columns)) for each in shown
        ),
        groups=tuple(dict.fromkeys(each.group for each in entries[subject])),
        counts={each: len(entries[each]) for each in Subject},
        treated={tier: book.count_treated(tier) for tier in Tier} if book else {},
        version=book.version if book else "",
        since=rule.valid_from if rule else None,
    )


def directory_cell(
    subject: Subject, key: str, institution_id: UUID, on: date
) -> tuple[DirectoryEntry, Capability]:
    """One cell of the directory. Raises `NotFound` for a line or an institution there is not."""
    place = next(iter(institution_rows(Institution.objects.open_on(on).filter(id=institution_id))), None)
    if place is None:
        raise NotFound
    entry = next((each for each in _entries(subject, on, place.region_code) if each.key == key), None)
    if entry is None:
        raise NotFound
    return entry, _cells(subject, [place], [entry], on)(place.id, entry)


def _columns(on: date) -> list[InstitutionRow]:
    found = Institution.objects.open_on(on).filter(is_external=False, kind__in=_TREATING)
    return institution_rows(found.exclude(level=Level.VILLAGE).in_order(*BY_LEVEL))


def _entries(subject: Subject, on: date, region: str) -> list[DirectoryEntry]:
    if subject is Subject.DISEASE:
        book = catalogue(on, region)
        diseases = book.entries if book else ()
        return [
            DirectoryEntry(each.icd, terminology.as_term(each.zh, "icd10"), each.group) for each in diseases
        ]
    if subject is Subject.OPERATION:
        permitted = InstitutionOperation.objects.filter(valid_on(on)).order_by("code", "name")
        names = dict(permitted.values_list("code", "name"))
        return [DirectoryEntry(code, name, Subject.OPERATION.zh) for code, name in names.items()]
    devices = Equipment.objects.filter(quantity__gt=0).order_by("name").values_list("name", flat=True)
    return [DirectoryEntry("", name, Subject.EQUIPMENT.zh) for name in devices.distinct()]


def _fits(entry: DirectoryEntry, text: str) -> bool:
    wanted = text.strip().lower()
    return (
        not wanted
        or wanted in entry.zh.lower()
        or entry.code.lower().startswith(wanted)
        or wanted in _initials(entry.zh)
    )


@lru_cache(maxsize=4096)
def _initials(name: str) -> str:
    return pinyin_initials(name)


def _cells(
    subject: Subject, columns: Sequence[InstitutionRow], entries: Sequence[DirectoryEntry], on: date
) -> Cells:
    ids = [column.id for column in columns]
    if subject is Subject.DISEASE:
        matrix = capabilities(ids, [each.code for each in entries], on)
        return lambda id_, entry: matrix[id_][entry.code]
    kept = _permitted(ids, on) if subject is Subject.OPERATION else _equipped(ids)
    return lambda id_, entry: kept[id_].get(entry.key, _NOTHING)


def _permitted(ids: Collection[UUID], on: date) -> dict[UUID, dict[str, Capability]]:
    found: dict[UUID, dict[str, Capability]] = defaultdict(dict)
    rows = InstitutionOperation.objects.filter(valid_on(on), institution_id__in=ids)
    for id_, code, since in rows.values_list("institution_id", "code", "valid_from"):
        found[id_][code] = Capability(Verdict.KEEP, "", f"准许开展，{since} 起")
    return found


def _equipped(ids: Collection[UUID]) -> dict[UUID, dict[str, Capability]]:
    found: dict[UUID, dict[str, Capability]] = defaultdict(dict)
    rows = Equipment.objects.filter(institution_id__in=ids, quantity__gt=0)
    for id_, name, quantity in rows.values_list("institution_id", "name", "quantity"):
        found[id_][name] = Capability(Verdict.KEEP, "", f"在用 {quantity} 台")
    return found
