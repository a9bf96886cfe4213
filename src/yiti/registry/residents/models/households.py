from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.people import LONGEST_ADDRESS


class Household(models.Model):
    """People who live as one family. `size` counts the members, also those whose records are closed to
    the reader."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    head = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    village = models.ForeignKey("facilities.Region", related_name="+", on_delete=models.PROTECT, null=True)
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    size = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["head"], condition=Q(ended_at__isnull=True), name="residents_head_of_one_household"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
                name="residents_household_period",
            ),
        ]


class HouseholdMemberQuerySet(models.QuerySet["HouseholdMember"]):
    def living_there(self) -> Self:
        """Members who have not left."""
        return self.filter(left_at__isnull=True)


class HouseholdMember(models.Model):
    """Somebody's place in a household; `relation` to the head is a code of terminology `relation`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, related_name="+", on_delete=models.PROTECT)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    relation = models.CharField(max_length=4)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = HouseholdMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_at__isnull=True), name="residents_one_household_each"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="residents_member_period",
            ),
        ]
