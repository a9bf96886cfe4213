"""Facts that everybody who treats a person must have in sight, and the people one lives with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.registry.residents.domain import (
    AllergyRow,
    HouseholdMemberRow,
    HouseholdRow,
    RiskCode,
    RiskRow,
)
from yiti.registry.residents.models import Allergy, Household, HouseholdMember, RiskMark
from yiti.registry.residents.selectors.cards import card_rows
from yiti.registry.residents.selectors.identity import aliases
from yiti.registry.residents.selectors.records import persons
from yiti.registry.terminology import public as terminology

_WORST_FIRST = ("severe", "moderate", "mild", "unknown")


@access.selector
def allergies(actor: Actor, person_id: UUID) -> list[AllergyRow]:
    """The standing allergies of a person, worst first, then newest; empty for a closed record."""
    found = Allergy.objects.standing().filter(person_id__in=aliases(person_id))
    rows = [_allergy(each) for each in found.order_by("-noted_at", "-id")]
    return sorted(rows, key=lambda row: _WORST_FIRST.index(row.severity))


def _allergy(found: Allergy) -> AllergyRow:
    return AllergyRow(
        id=found.id,
        substance_code=found.substance_code,
        substance=found.substance_text or terminology.term("allergen", found.substance_code),
        reaction_code=found.reaction,
        reaction=terminology.term("allergy-reaction", found.reaction),
        severity=found.severity,
        severity_zh=terminology.term("allergy-severity", found.severity),
        onset_year=found.onset_year,
        note=found.note,
        noted_at=found.noted_at,
        noted_by_name=found.noted_by_name,
        is_correction=found.replaces_id is not None,
    )


@access.selector
def risks(actor: Actor, person_id: UUID, *, on: date) -> list[RiskRow]:
    """The risk marks in force on a day, in the order of their codes; empty for a closed record."""
    found = RiskMark.objects.in_force(on).filter(person_id__in=aliases(person_id))
    order = list(RiskCode)
    rows = [
        RiskRow(id_, RiskCode(code), level, since_date, until_date, noted_by_name)
        for id_, code, level, since_date, until_date, noted_by_name in found.values_list(
            "id", "code", "level", "since_date", "until_date", "noted_by_name"
        )
    ]
    return sorted(rows, key=lambda row: (order.index(row.code), row.since_date))


@access.selector
def household(actor: Actor, person_id: UUID) -> HouseholdRow | None:
    """The household a person lives in, or None; its members in the order of relation, head first."""
    here = HouseholdMember.objects.living_there().filter(person_id__in=aliases(person_id))
    home = Household.objects.filter(pk__in=here.values("household_id"), ended_at__isnull=True).first()
    if home is None:
        return None
    living = HouseholdMember.objects.living_there().filter(household=home)
    relations = list(living.order_by("relation", "joined_at", "id").values_list("person_id", "relation"))
    ids = {home.head_id, *(id_ for id_, _ in relations)}
    open_to_actor = persons(actor, ids)
    on_cards = card_rows(ids)

    def name_of(id_: UUID) -> str:
        return open_to_actor[id_].name if id_ in open_to_actor else on_cards[id_].masked_name

    return HouseholdRow(
        id=home.id,
        head_id=home.head_id,
        head_name=name_of(home.head_id),
        address=home.address,
        size=home.size,
        members=tuple(
            HouseholdMemberRow(
                id_, name_of(id_), relation, terminology.term("relation", relation), id_ in open_to_actor
            )
            for id_, relation in sorted(relations, key=lambda row: row[0] != home.head_id)
        ),
    )
