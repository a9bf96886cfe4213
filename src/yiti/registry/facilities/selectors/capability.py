from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from yiti.registry.facilities.domain import Capability, Kind, Override, Verdict, compute_capability
from yiti.registry.facilities.models import CapabilityOverride, Institution, valid_on
from yiti.registry.facilities.selectors.rulebook import catalogue

Matrix = Mapping[UUID, Mapping[str, Capability]]


def capability(institution_id: UUID, icd: str, on: date) -> Capability:
    """Whether an institution can treat a disease (ICD-10 code) on that day, with condition and rule."""
    return capabilities([institution_id], [icd], on)[institution_id][icd]


def capabilities(institution_ids: Collection[UUID], icd_codes: Collection[str], on: date) -> Matrix:
    """Verdicts by institution and ICD-10 code; two queries for any number of either.

    An id nobody has gets `Verdict.UNKNOWN`, like an institution without a column in the catalogue.
    """
    found = Institution.objects.filter(id__in=institution_ids).values_list("id", "kind", "region__code")
    places = {id_: (Kind(kind).facts.tier, region) for id_, kind, region in found}
    overrides = _overrides(institution_ids, on)
    matrix = {}
    for id_ in institution_ids:
        tier, region = places.get(id_, (None, ""))
        book = catalogue(on, region)
        matrix[id_] = {
            icd: compute_capability(icd, tier=tier, catalogue=book, overrides=overrides[id_])
            for icd in icd_codes
        }
    return matrix


def _overrides(institution_ids: Collection[UUID], on: date) -> Mapping[UUID, list[Override]]:
    found: dict[UUID, list[Override]] = defaultdict(list)
    rows = CapabilityOverride.objects.filter(valid_on(on), institution_id__in=institution_ids)
    for id_, prefix, verdict, condition in rows.values_list(
        "institution_id", "icd_prefix", "verdict", "condition"
    ):
        found[id_].append(Override(prefix, Verdict(verdict), condition))
    return found
