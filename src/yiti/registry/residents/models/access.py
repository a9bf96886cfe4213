from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.codes import AccessReason
from yiti.registry.residents.domain.facts import LONGEST_REASON, SHORTEST_REASON


class RecordAccessQuerySet(models.QuerySet["RecordAccess"]):
    def live(self, at: datetime | Now) -> Self:
        """Accesses in force at that moment."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)

    def lasting(self, institution_id: UUID | None) -> Self:
        """Accesses of an institution by the clock of the database, those of an emergency left out: what may
        be done to a record that outlasts the emergency."""
        found = self.live(Now()).filter(institution_id=institution_id)
        return found.exclude(reason=AccessReason.BREAK_GLASS)


class RecordAccess(models.Model):
    """An institution may open a person's record from a moment, perhaps until a moment, for a reason.

    The only table that row security looks at. Rows are added and ended, never deleted; the database
    lets the pages change nothing but `valid_until`. Merged records are open to the same institutions:
    an access to one of them has a copy (`copy_of`) for each other one, which un-merging ends.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    institution = models.ForeignKey(
        "facilities.Institution", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    reason = models.CharField(max_length=12)
    for_kind = models.CharField(max_length=60)
    for_id = models.UUIDField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    granted_by = models.UUIDField()
    copy_of = models.ForeignKey("self", related_name="+", on_delete=models.PROTECT, null=True, db_index=False)

    objects = RecordAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=list(AccessReason)), name="residents_access_reason"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="residents_access_period",
            ),
            models.CheckConstraint(
                condition=~Q(reason=AccessReason.BREAK_GLASS) | Q(valid_until__isnull=False),
                name="residents_break_glass_ends",
            ),
            models.UniqueConstraint(
                fields=["person", "institution", "reason", "for_kind", "for_id"],
                condition=Q(valid_until__isnull=True),
                name="residents_access_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "institution"],
                include=["valid_from", "valid_until"],
                name="residents_access_who",
            ),
            models.Index(fields=["for_id"], name="residents_access_for"),
            models.Index(
                fields=["copy_of"], name="residents_access_copy", condition=Q(copy_of__isnull=False)
            ),
        ]


class BreakGlass(models.Model):
    """Somebody opened a record in an emergency and said why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    reason_text = models.CharField(max_length=LONGEST_REASON)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    opened_by_name = models.CharField(max_length=60)
    valid_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason_text__regex=rf"^.{{{SHORTEST_REASON},}}$"),
                name="residents_break_glass_says_why",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("opened_at")), name="residents_break_glass_period"
            ),
        ]
        indexes = [models.Index(fields=["-opened_at"], name="residents_break_glass_latest")]
