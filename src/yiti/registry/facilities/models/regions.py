from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import RegionLevel
from yiti.registry.facilities.models.shared import (
    not_blank,
    on_earth,
    one_of,
)


class Region(models.Model):
    """An administrative division, from province to village. `code` is the statistics bureau's 12 digits.

    A city without counties has a row as city and one as its own county, both under one code.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=8)
    parent = models.ForeignKey("self", null=True, related_name="+", on_delete=models.PROTECT)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    facts_checked = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level"], name="facilities_region_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{12}$"), name="facilities_region_code"),
            one_of("level", RegionLevel, "facilities_region_level"),
            models.CheckConstraint(
                condition=Q(level="province", parent__isnull=True)
                | (~Q(level="province") & Q(parent__isnull=False) & ~Q(parent=F("id"))),
                name="facilities_region_parent",
            ),
            not_blank("name", "facilities_region_name"),
            on_earth("facilities_region_place"),
        ]
