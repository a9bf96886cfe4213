"""Reads of where care happens. They take no actor: inside the house it is no secret, like the rulebook."""

from yiti.registry.facilities.selectors.beds import (
    bed,
    bed_board,
    bed_use,
    count_free_beds,
    department,
    departments,
    departments_by_id,
    double_booked,
    free_beds,
    receiving_departments,
)
from yiti.registry.facilities.selectors.capability import capabilities, capability
from yiti.registry.facilities.selectors.destinations import destinations
from yiti.registry.facilities.selectors.directory import directory, directory_cell
from yiti.registry.facilities.selectors.institutions import (
    count_by_tab,
    equipment_of,
    institution,
    institution_by_code,
    institutions,
    institutions_with_wards,
    list_institutions,
    managed_by,
    operations_of,
    oversight,
    search_institutions,
    serving,
)
from yiti.registry.facilities.selectors.profile import profile
from yiti.registry.facilities.selectors.regions import region, region_path, regions, regions_in, villages_of
from yiti.registry.facilities.selectors.rulebook import catalogue, catalogue_versions
from yiti.registry.facilities.selectors.ties import (
    alliances_of,
    consortia,
    consortium_of,
    members,
    membership,
    tie,
    ties,
)
from yiti.registry.facilities.selectors.travel import travel, travels

__all__ = [
    "alliances_of",
    "bed",
    "bed_board",
    "bed_use",
    "capabilities",
    "capability",
    "catalogue",
    "catalogue_versions",
    "consortia",
    "consortium_of",
    "count_by_tab",
    "count_free_beds",
    "department",
    "departments",
    "departments_by_id",
    "destinations",
    "directory",
    "directory_cell",
    "double_booked",
    "equipment_of",
    "free_beds",
    "institution",
    "institution_by_code",
    "institutions",
    "institutions_with_wards",
    "list_institutions",
    "managed_by",
    "members",
    "membership",
    "operations_of",
    "oversight",
    "profile",
    "receiving_departments",
    "region",
    "region_path",
    "regions",
    "regions_in",
    "search_institutions",
    "serving",
    "tie",
    "ties",
    "travel",
    "travels",
    "villages_of",
]
