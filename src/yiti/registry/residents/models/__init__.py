"""Tables of who lives in the county. `cards` and `duplicates` have no row security and say no more than a
card; all else is guarded by the policies of migration 0002, which look at `RecordAccess` and at nothing
else."""

from yiti.registry.residents.models.access import BreakGlass, RecordAccess
from yiti.registry.residents.models.cards import Card, CardKey
from yiti.registry.residents.models.duplicates import DuplicatePair, LinkModel, LinkShare, LinkWeight
from yiti.registry.residents.models.facts import Allergy, RiskMark
from yiti.registry.residents.models.glass import GlassMark, GlassReview, LookedCode
from yiti.registry.residents.models.households import Household, HouseholdMember
from yiti.registry.residents.models.records import Identifier, Merge, Resident, ResidentChange

__all__ = [
    "Allergy",
    "BreakGlass",
    "Card",
    "CardKey",
    "DuplicatePair",
    "GlassMark",
    "GlassReview",
    "Household",
    "HouseholdMember",
    "Identifier",
    "LinkModel",
    "LinkShare",
    "LinkWeight",
    "LookedCode",
    "Merge",
    "RecordAccess",
    "Resident",
    "ResidentChange",
    "RiskMark",
]
