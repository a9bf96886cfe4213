"""What goes along with a referral out of the record: drugs, readings, diagnoses, treatments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from yiti.care.referrals.domain.checks import LONGEST_TEXT
from yiti.foundation.web import public as web
from yiti.kernel.display import short_time
from yiti.spine.episodes import public as episodes


@dataclass(frozen=True, slots=True)
class Along:
    """Parts of the record with their names on the form (`用药 4 种`) and their words on the referral."""

    choices: tuple[tuple[str, str], ...]
    texts: Mapping[str, str]
    diagnoses: tuple[str, ...]
    treatments: str


def along_of(request: web.PageRequest, person_id: UUID, episode_id: UUID) -> Along:
    """What the episode has to give along. Raises NotFound without access."""
    found = episodes.summary_for_referral(request.actor, person_id, episode_id, request.at)
    choices: list[tuple[str, str]] = []
    texts: dict[str, str] = {}
    if found.vitals:
        newest = found.vitals[0]
        when = short_time(newest.taken_at, request.at)
        choices.append(("results", _("体征 %(when)s") % {"when": when}))
        texts["results"] = _cut(f"{when} {readings_text(newest)}")
    if drugs := found.medications.items:
        choices.append(("medications", _("用药 %(n)d 种") % {"n": len(drugs)}))
        texts["medications"] = _cut("；".join(_drug_text(each) for each in drugs))
    return Along(
        choices=tuple(choices),
        texts=texts,
        diagnoses=tuple(each.code for each in found.diagnoses),
        treatments=_cut("；".join(each.text for each in found.treatments)),
    )


def readings_text(one: episodes.VitalSet) -> str:
    """`血压 168/102 mmHg，心率 96 次/分`: the readings of one moment in a line."""
    parts = [_("血压 %(value)s mmHg") % {"value": one.pressure}] if one.pressure else []
    paired = {episodes.VitalKind.SYSTOLIC, episodes.VitalKind.DIASTOLIC} if one.pressure else set()
    for row in one.readings:
        if row.reading.kind not in paired:
            facts = row.reading.kind.facts
            parts.append(f"{_(facts.zh)} {row.reading.text} {_(facts.unit) if facts.unit else ''}".strip())
    return "，".join(parts)


def _drug_text(row: episodes.MedicationRow) -> str:
    return " ".join(filter(None, (row.name, row.dose, row.frequency_zh)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
