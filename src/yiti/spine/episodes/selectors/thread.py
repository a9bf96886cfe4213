"""The thread of a person: this room's visits and what higher rooms add, by episode, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.text import N_, joined
from yiti.registry.residents import public as residents
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes.domain import DiagnosisRole, EntryKind, Marker, VisitKind, VitalKind
from yiti.spine.episodes.domain import timeline as thread
from yiti.spine.episodes.domain.rows import (
    DiagnosisRow,
    DischargeRow,
    TreatmentRow,
    VisitRow,
    VitalRow,
    VitalSet,
)
from yiti.spine.episodes.domain.timeline import Status, Thread, ThreadEntry, Window
from yiti.spine.episodes.models import Episode, Visit, VitalReading
from yiti.spine.episodes.models.courses import VisitQuerySet
from yiti.spine.episodes.selectors import facts
from yiti.spine.episodes.selectors.episodes import rows_of as episode_rows
from yiti.spine.episodes.selectors.visits import rows_of as visit_rows

RowT = TypeVar("RowT", VitalRow, TreatmentRow)

_MOST_VITALS = 4
_MOST_TREATMENTS = 2
_IN_SHORT = (
    VitalKind.HEART_RATE,
    VitalKind.SPO2,
    VitalKind.GLUCOSE_FASTING,
    VitalKind.GLUCOSE_2H,
    VitalKind.GLUCOSE_RANDOM,
    VitalKind.TEMPERATURE,
)


@dataclass(frozen=True, slots=True)
class _Written:
    """What is written in the visits of a window, by visit."""

    main: dict[UUID, DiagnosisRow]
    vitals: dict[UUID, list[VitalRow]]
    treatments: dict[UUID, list[TreatmentRow]]
    discharges: dict[UUID, DischargeRow]


@access.selector
def timeline(actor: Actor, person_id: UUID, window: Window) -> Thread:
    """The thread of a person within a window. Raises NotFound without access to the record."""
    residents.person(actor, person_id)
    ids = residents.aliases(person_id)
    own = _in_window(Visit.objects.of(ids), window)
    found = list(own.select_related("episode").order_by("-started_at", "-id")[: window.limit])
    total = own.count()
    entries = _entries(visit_rows(found))
    for provide in thread.providers(window):
        given = provide(actor, ids, window)
        entries += given.entries
        total += given.total
    shown = thread.newest(entries, window.limit)
    named = {entry.episode_id for entry in shown if entry.episode_id}
    episodes = {row.id: row for row in episode_rows(Episode.objects.filter(id__in=named))}
    return Thread(thread.by_episode(shown, episodes), len(shown), total)


def _in_window(visits: VisitQuerySet, window: Window) -> VisitQuerySet:
    wanted = [kind for kind in VisitKind if window.wants(_sort_of(kind))]
    if len(wanted) < len(VisitKind):
        visits = visits.filter(kind__in=wanted)
    if window.since is not None:
        visits = visits.filter(started_at__gte=window.since)
    if window.before is not None:
        visits = visits.filter(started_at__lt=window.before)
    return visits


def _sort_of(kind: VisitKind) -> EntryKind:
    return EntryKind.FOLLOW_UP if kind is VisitKind.FOLLOW_UP else EntryKind.VISIT


def _entries(visits: Sequence[VisitRow]) -> list[ThreadEntry]:
    ids = [visit.id for visit in visits]
    written = _Written(
        main={row.visit_id: row for row in facts.diagnoses_of(ids) if row.role is DiagnosisRole.MAIN},
        vitals=_by_visit(facts.vitals_of(ids, {})),
        treatments=_by_visit(facts.treatments_of(ids)),
        discharges=facts.discharges_of(ids),
    )
    return [_entry(visit, written) for visit in visits]


def _by_visit(rows: Sequence[RowT]) -> dict[UUID, list[RowT]]:
    found: dict[UUID, list[RowT]] = defaultdict(list)
    for row in rows:
        found[row.visit_id].append(row)
    return found


def _entry(visit: VisitRow, written: _Written) -> ThreadEntry:
    main, discharge = written.main.get(visit.id), written.discharges.get(visit.id)
    what = (
        joined(" ", (main.text, main.code)) if main else terminology.as_term(visit.chief_complaint, "icd10")
    )
    lines = [
        " ".join(filter(None, (visit.institution_name, visit.department_name))),
        *_vitals_text(written.vitals.get(visit.id, [])),
        *(row.text for row in written.treatments.get(visit.id, [])[:_MOST_TREATMENTS]),
    ]
    if discharge is not None:
        days = _days(visit)
        lines[1:] = [ngettext("%s 天", "%s 天", days) % days, _(discharge.outcome.zh), _(discharge.way.zh)]
    return ThreadEntry(
        at=visit.started_at,
        sort=_sort_of(visit.kind),
        episode_id=visit.episode_id,
        level=visit.institution_level,
        kind=Marker.IN_PERSON,
        title=joined(" · ", (_(visit.kind.zh), what)),
        second_line=" · ".join(lines),
        who=visit.staff_name,
        url=reverse("episodes:visit", args=[visit.id]),
        status=Status(N_("诊疗中")) if visit.is_open and visit.kind is VisitKind.INPATIENT else None,
    )


def _days(visit: VisitRow) -> int:
    """Days in hospital as they are counted for bills: out minus in, at least one."""
    end = visit.ended_at or visit.started_at
    return max(1, (local_date(end) - local_date(visit.started_at)).days)


def _vitals_text(rows: Sequence[VitalRow]) -> list[str]:
    """The last set of a visit in short: pressure first, then what else was taken."""
    if not rows:
        return []
    last = VitalSet(rows[0].taken_at, "", tuple(row for row in rows if row.taken_at == rows[0].taken_at))
    texts = [f"{_('血压')} {last.pressure}"] if last.pressure else []
    for kind in _IN_SHORT:
        row = last.of(kind)
        if row is not None:
            texts.append(f"{_(kind.facts.zh)} {row.reading.text}")
    return texts[:_MOST_VITALS]


@access.selector
def counts(actor: Actor, person_id: UUID) -> dict[str, int]:
    """How many visits, readings and current drugs a person has, for the tabs of the record page."""
    ids = residents.aliases(person_id)
    return {
        "visits": Visit.objects.of(ids).count(),
        "vitals": VitalReading.objects.in_force().filter(person_id__in=ids).count(),
        "medications": len(facts.medication_list(ids).items),
    }
