"""Use cases and participants: the only writers of this room."""

from yiti.registry.facilities.commands.beds import (
    LoadedStay,
    hold_bed,
    load_stays,
    occupy_bed,
    release_bed,
    vacate_bed,
)
from yiti.registry.facilities.commands.board import confirm_beds_by_phone, update_bed_board
from yiti.registry.facilities.commands.loading import load_facilities

__all__ = [
    "LoadedStay",
    "confirm_beds_by_phone",
    "hold_bed",
    "load_facilities",
    "load_stays",
    "occupy_bed",
    "release_bed",
    "update_bed_board",
    "vacate_bed",
]
