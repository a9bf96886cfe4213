from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiti.kernel.ids import new_id
from yiti.registry.facilities.models.shared import (
    ends_after_start,
    no_overlap,
    same_text,
    same_uuid,
)


class CapabilityOverride(models.Model):
    """What one institution can treat where it differs from the catalogue of its level."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    icd_prefix = models.CharField(max_length=12)
    verdict = models.CharField(max_length=8)
    condition = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["keep", "limited", "refer"]), name="facilities_override_verdict"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="limited") | ~Q(condition=""),
                name="facilities_override_limit_says_what",
            ),
            models.CheckConstraint(
                condition=Q(icd_prefix__regex=r"^[A-Z]([0-9]{1,2}|[0-9]{2}\.[0-9x]{1,7})?$"),
                name="facilities_override_icd",
            ),
            no_overlap("facilities_override_once", same_uuid("institution"), same_text("icd_prefix")),
            ends_after_start("facilities_override_dates"),
        ]
