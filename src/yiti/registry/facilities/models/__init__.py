"""Tables of where care happens. Coded things have a code that is never reused; dated things end, they are
not deleted."""

from yiti.registry.facilities.models.beds import Bed, BedBoardNote, BedUse, Department
from yiti.registry.facilities.models.capability import CapabilityOverride
from yiti.registry.facilities.models.institutions import Equipment, Institution, InstitutionOperation
from yiti.registry.facilities.models.regions import Region
from yiti.registry.facilities.models.shared import valid_on
from yiti.registry.facilities.models.ties import (
    Alliance,
    AllianceMembership,
    Consortium,
    ConsortiumMembership,
)

__all__ = [
    "Alliance",
    "AllianceMembership",
    "Bed",
    "BedBoardNote",
    "BedUse",
    "CapabilityOverride",
    "Consortium",
    "ConsortiumMembership",
    "Department",
    "Equipment",
    "Institution",
    "InstitutionOperation",
    "Region",
    "valid_on",
]
