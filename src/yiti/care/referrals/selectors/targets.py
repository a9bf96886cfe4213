"""Feeding the target finder: which places there are, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yiti.care.referrals.domain import Tables, Way, way_between
from yiti.care.referrals.domain.finder import Ability, Bond, Candidate, Finding, find_targets
from yiti.care.referrals.selectors.rulebook import approval_for, approval_words, stand_ins, weights
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology

_BONDS = {
    facilities.TieKind.HEAD: Bond.HEAD,
    facilities.TieKind.SPECIALISED_HEAD: Bond.HEAD,
    facilities.TieKind.MEMBER: Bond.MEMBER,
    facilities.TieKind.MANAGED: Bond.MEMBER,
    facilities.TieKind.SUPPORT: Bond.ALLIANCE,
    facilities.TieKind.ALLIANCE: Bond.ALLIANCE,
}


@access.selector
def targets(actor: Actor, *, diagnosis: str, specialty: str, urgency: str, at: datetime) -> Finding:
    """Where the actor's institution could send a person with this main diagnosis (ICD-10), best first, and
    who does not take them and why. Ten queries for any number of places.

    `specialty` is a code of `specialty`; "" while none is chosen: then a hospital as a whole counts, and
    without a diagnosis nothing is known of what it treats.
    """
    on = local_date(at)
    places = {each.institution.id: each for each in facilities.destinations(actor.institution_id, at)}
    here = places.pop(actor.institution_id).institution
    known = _Known(
        here=here,
        on=on,
        urgency=urgency,
        abilities=_abilities(places, diagnosis, on),
        ways=facilities.travels(here.id, places, on),
        ties=facilities.ties(here.id, places, on),
        wanted=_wanted(specialty, on, here.region_code),
    )
    found = [known.candidate(each) for each in places.values()]
    return find_targets(
        [each for each in found if each is not None],
        weights(on, here.region_code),
        specialty=terminology.term(Tables.SPECIALTY, specialty),
    )


def _abilities(
    places: Mapping[UUID, facilities.Destination], diagnosis: str, on: date
) -> Mapping[UUID, facilities.Capability]:
    if not diagnosis:
        unknown = facilities.Capability(facilities.Verdict.UNKNOWN, N_("选了诊断再看能否收治"), "")
        return dict.fromkeys(places, unknown)
    return {id_: found[diagnosis] for id_, found in facilities.capabilities(places, [diagnosis], on).items()}


def _wanted(specialty: str, on: date, region: str) -> tuple[str, ...]:
    """The specialties whose departments take these people, best first: the one asked for, its parent,
    then those that stand in for either (a TCM hospital's own codes)."""
    if not specialty:
        return ()
    own = dict.fromkeys((specialty, specialty.partition(".")[0]))
    others = stand_ins(on, region)
    return (*own, *sorted(each for code in own for each in others.get(code, ())))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all places together."""

    here: facilities.InstitutionRow
    on: date
    urgency: str
    abilities: Mapping[UUID, facilities.Capability]
    ways: Mapping[UUID, facilities.Travel]
    ties: Mapping[UUID, facilities.Tie]
    wanted: Sequence[str]

    def candidate(self, found: facilities.Destination) -> Candidate | None:
        """A place as the finder looks at it; None for one that lies below the sender."""
        place = found.institution
        way = way_between(self.here.level.rank, place.level.rank, leaves_county=place.is_external)
        if way is Way.DOWN:
            return None
        ward = self._ward(found.wards)
        ability, travel, tie = self.abilities[place.id], self.ways[place.id], self.ties[place.id]
        beds = [ward] if ward else found.wards if not self.wanted else []
        return Candidate(
            institution_id=place.id,
            name=place.name,
            level=place.level,
            department_id=ward.department_id if ward else None,
            department_name=ward.name if ward else "",
            has_specialty=ward is not None or not found.wards,
            ability=Ability(ability.verdict),
            condition=ability.condition,
            free_beds=_sum([each.free for each in beds]),
            monitored_free=sum(each.monitored_free for each in beds),
            km=travel.km,
            minutes=travel.minutes,
            bond=_BONDS.get(tie.kind, Bond.NONE),
            bond_zh=tie.zh,
            level_rank=place.level.rank,
            approval=self._approval(place, way),
        )

    def _ward(self, wards: Sequence[facilities.Ward]) -> facilities.Ward | None:
        """The department that takes them: the best fitting specialty, there the one with most free beds."""
        fitting = [each for each in wards if each.specialty in self.wanted]
        return min(
            fitting,
            key=lambda each: (self.wanted.index(each.specialty), -(each.free or 0)),
            default=None,
        )

    def _approval(self, place: facilities.InstitutionRow, way: Way) -> str:
        found, _ = approval_for(self.here, place, way=way, urgency=self.urgency, on=self.on)
        return approval_words().get(found.zh, found.zh) if found.required else ""


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [each for each in counts if each is not None]
    return sum(known) if known else None
