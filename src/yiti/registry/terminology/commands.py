"""The only writer of code systems: publishing a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_
from yiti.registry.terminology.domain import (
    CHRONIC_DISEASE,
    DISEASE_SPECIALTY,
    ConceptRow,
    Counts,
    GroupRow,
    MeasureRow,
    Release,
    SystemSource,
    read_release,
)
from yiti.registry.terminology.models import CodeSystem, Concept, DiseaseGroup, Measure, Synonym
from yiti.registry.terminology.selectors import CATALOGUE

_SYSTEM_COLUMNS = ("version", "zh", "en", "uri", "source", "confidence")
_CONCEPT_COLUMNS = ("en", "initials", "pinyin", "parent_code", "sort_order", "often", "active", "local")


def shipped_release() -> Release:
    """The release that comes with this version of Yiti, read from its files."""
    folder = resources.files("yiti.registry.terminology") / "data"
    return read_release(
        {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".csv")}
    )


@access.command
def load_code_systems(*, actor: Actor, at: datetime, release: Release | None = None) -> Counts:
    """Publish a release (None: the shipped one); loading it again changes and records nothing.

    A published code keeps its Chinese term for ever and is never dropped: raises Conflict for a
    release that renames one or leaves one out, and then nothing of the release is loaded. Whoever
    needs another meaning retires the code and publishes a new one. English terms, synonyms, order
    and retirement may change.
    """
    actor.require("terminology.manage")
    sources = (release or shipped_release()).systems
    stored = {row.code: row for row in CodeSystem.objects.select_for_update().order_by("code")}
    counts = Counts()
    for place, source in enumerate(sources):
        published = stored.get(source.system.code)
        if published is None or (published.digest, published.sort_order) != (source.digest, place):
            counts += _publish(source, published or CodeSystem(code=source.system.code), place)
    if counts.systems:
        audit.note(
            actor,
            "terminology.load_code_systems",
            kind="terminology.code_system",
            record_id=None,
            at=at,
            detail={"systems": counts.systems, "added": counts.added, "changed": counts.changed},
        )
        CATALOGUE.forget()
    return counts


def _publish(source: SystemSource, system: CodeSystem, place: int) -> Counts:
    for column in _SYSTEM_COLUMNS:
        setattr(system, column, getattr(source.system, column))
    system.sort_order = place
    system.digest = source.digest
    system.save()
    published = {row.code: row for row in Concept.objects.filter(system=system)}
    _ensure_kept(source, published)
    counts = _write_concepts(source.concepts, system, published)
    ids = dict(Concept.objects.filter(system=system).values_list("code", "id"))
    _write_synonyms(source.concepts, ids)
    _write_measures(source.measures, ids)
    if source.groups:
        _write_groups(source.groups)
    return counts


def _ensure_kept(source: SystemSource, published: Mapping[str, Concept]) -> None:
    proposed = {row.code: row.zh for row in source.concepts}
    for code, row in sorted(published.items()):
        if code not in proposed:
            raise Conflict(
                N_("{system} 的编码 {code}（{zh}）已经发布，不能删掉；请标为停用"),
                system=source.system.zh,
                code=code,
                zh=row.zh,
            )
        if proposed[code] != row.zh:
            raise Conflict(
                N_("{system} 的编码 {code} 已发布为“{zh}”，不能改成“{proposed}”；请停用它，另发新编码"),
                system=source.system.zh,
                code=code,
                zh=row.zh,
                proposed=proposed[code],
            )


def _write_concepts(
    rows: tuple[ConceptRow, ...], system: CodeSystem, published: Mapping[str, Concept]
) -> Counts:
    wanted = [_concept(row, system) for row in rows]
    new = [each for each in wanted if each.code not in published]
    changed = [each for each in wanted if each.code in published and _differ(each, published[each.code])]
    Concept.objects.bulk_create(
        [*new, *changed],
        update_conflicts=True,
        unique_fields=["system", "code"],
        update_fields=_CONCEPT_COLUMNS,
    )
    return Counts(systems=1, added=len(new), changed=len(changed))


def _differ(one: Concept, other: Concept) -> bool:
    return any(getattr(one, column) != getattr(other, column) for column in _CONCEPT_COLUMNS)


def _concept(row: ConceptRow, system: CodeSystem) -> Concept:
    return Concept(
        system=system,
        code=row.code,
        zh=row.zh,
        en=row.en,
        initials=row.name.initials,
        pinyin=row.name.pinyin,
        parent_code=row.parent or None,
        sort_order=row.sort_order,
        often=row.often,
        active=row.active,
        local=row.local,
    )


def _write_synonyms(rows: tuple[ConceptRow, ...], ids: Mapping[str, UUID]) -> None:
    """Synonyms only help to find a concept: they are not published and may come and go."""
    Synonym.objects.filter(concept_id__in=ids.values()).delete()
    Synonym.objects.bulk_create(
        Synonym(
            concept_id=ids[row.code], zh=name.zh, initials=name.initials, pinyin=name.pinyin, sort_order=place
        )
        for row in rows
        for place, name in enumerate(row.synonyms)
    )


def _write_measures(rows: tuple[MeasureRow, ...], ids: Mapping[str, UUID]) -> None:
    Measure.objects.filter(concept_id__in=ids.values()).delete()
    Measure.objects.bulk_create(
        Measure(
            concept_id=ids[row.code], unit=row.unit, ucum=row.ucum, loinc=row.loinc, decimals=row.decimals
        )
        for row in rows
    )


def _write_groups(rows: tuple[GroupRow, ...]) -> None:
    ids = {
        (system, code): key
        for key, system, code in Concept.objects.filter(
            system__code__in=(DISEASE_SPECIALTY, CHRONIC_DISEASE)
        ).values_list("id", "system__code", "code")
    }
    DiseaseGroup.objects.all().delete()
    DiseaseGroup.objects.bulk_create(
        DiseaseGroup(
            prefix=row.prefix,
            specialty_id=ids[DISEASE_SPECIALTY, row.specialty],
            chronic_id=ids[CHRONIC_DISEASE, row.chronic] if row.chronic else None,
        )
        for row in rows
    )
