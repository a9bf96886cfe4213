"""Bringing many people in at once: invented ones, and those of a county's workbook."""

from yiti.registry.residents.loading.copying import Batch, Opened, load_accesses, load_people
from yiti.registry.residents.loading.sheet import load_residents

__all__ = ["Batch", "Opened", "load_accesses", "load_people", "load_residents"]
