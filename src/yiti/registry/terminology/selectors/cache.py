"""Code systems kept in memory by each process, as they were last read.

What may go stale is harmless by construction: a published code never changes its meaning. A new
code or system is found at once (a miss reads again), and a new release is noticed by its digests within
`CHECK_SECONDS`; the process that loads a release forgets at the end of the load.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from uuid import UUID

from yiti.kernel.text import Term
from yiti.registry.terminology.domain import (
    ICD10,
    VITAL_SIGN,
    ConceptRow,
    Confidence,
    GroupRow,
    Index,
    MeasureRow,
    Name,
    SystemRow,
)
from yiti.registry.terminology.models import CodeSystem, Concept, DiseaseGroup, Measure, Synonym

CHECK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Known:
    """A code system as the last check saw it."""

    digest: str
    row: SystemRow


@dataclass(frozen=True, slots=True)
class Loaded:
    """The content of one code system in memory."""

    digest: str
    by_code: Mapping[str, ConceptRow]  # in the order of the list, retired codes too
    measures: Mapping[str, MeasureRow]
    groups: Mapping[str, GroupRow]
    index: Index
    by_words: Mapping[str, Term]  # the Chinese terms, with their English


class Catalogue:
    """The code systems one process has in memory. `clock` gives monotonic seconds.

    Threads may share it: the worst that two of them do to each other is to read a system twice.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._systems: Mapping[str, _Known] = {}  # in the order of the list
        self._kept: dict[str, Loaded] = {}
        self._check_after = -inf

    def forget(self) -> None:
        """Drop everything; the next read goes to the database."""
        self._kept = {}
        self._check_after = -inf

    def systems(self) -> Mapping[str, SystemRow]:
        """All code systems by code, in the order of the list."""
        return {code: known.row for code, known in self._known().items()}

    def loaded(self, code: str) -> Loaded | None:
        """The content of a code system, read if it is new or has changed; None for an unknown one."""
        known = self._known().get(code)
        if known is None:
            return None
        kept = self._kept.get(code)
        if kept is None:
            kept = self._kept[code] = _read(code, known)
        return kept

    def reloaded(self, code: str) -> Loaded | None:
        """The content after asking the database again: for what was not found."""
        self._check_after = -inf
        return self.loaded(code)

    def _known(self) -> Mapping[str, _Known]:
        moment = self._clock()
        if moment >= self._check_after:
            rows = CodeSystem.objects.order_by("sort_order", "code")
            self._systems = {row.code: _Known(row.digest, _system(row)) for row in rows}
            self._kept = {code: kept for code, kept in self._kept.items() if self._is_current(code, kept)}
            self._check_after = moment + CHECK_SECONDS
        return self._systems

    def _is_current(self, code: str, kept: Loaded) -> bool:
        return code in self._systems and self._systems[code].digest == kept.digest


CATALOGUE = Catalogue()


def _system(row: CodeSystem) -> SystemRow:
    return SystemRow(
        code=row.code,
        version=row.version,
        zh=row.zh,
        en=row.en,
        uri=row.uri,
        source=row.source,
        confidence=Confidence(row.confidence),
    )


def _read(code: str, known: _Known) -> Loaded:
    synonyms = _synonyms(code)
    rows = [
        _row(each, code, synonyms[each.id])
        for each in Concept.objects.filter(system__code=code).order_by("sort_order", "code")
    ]
    return Loaded(
        digest=known.digest,
        by_code={row.code: row for row in rows},
        measures=_measures() if code == VITAL_SIGN else {},
        groups=_groups() if code == ICD10 else {},
        index=Index(rows),
        by_words={row.name.zh: Term(row.name.zh, row.en) for row in rows},
    )


def _row(concept: Concept, system: str, synonyms: list[Name]) -> ConceptRow:
    return ConceptRow(
        system=system,
        code=concept.code,
        name=Name(concept.zh, concept.initials, concept.pinyin),
        en=concept.en,
        synonyms=tuple(synonyms),
        parent=concept.parent_code or "",
        sort_order=concept.sort_order,
        often=concept.often,
        active=concept.active,
        local=concept.local,
    )


def _synonyms(system: str) -> dict[UUID, list[Name]]:
    found: dict[UUID, list[Name]] = defaultdict(list)
    rows = Synonym.objects.filter(concept__system__code=system).order_by("concept_id", "sort_order")
    for concept_id, *name in rows.values_list("concept_id", "zh", "initials", "pinyin"):
        found[concept_id].append(Name(*name))
    return found


def _measures() -> dict[str, MeasureRow]:
    rows = Measure.objects.order_by("concept__sort_order")
    columns = ("concept__code", "unit", "ucum", "loinc", "decimals")
    return {values[0]: MeasureRow(*values) for values in rows.values_list(*columns)}


def _groups() -> dict[str, GroupRow]:
    rows = DiseaseGroup.objects.order_by("prefix").values_list("prefix", "specialty__code", "chronic__code")
    return {prefix: GroupRow(prefix, specialty, chronic or "") for prefix, specialty, chronic in rows}
